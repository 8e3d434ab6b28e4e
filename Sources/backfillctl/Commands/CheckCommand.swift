import ArgumentParser
import BackfillConfig
import BackfillCore
import Glibc

/// `check [FILE...] [--json]`: what is wrong in configuration files, without a daemon.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check configuration files, without a daemon.",
    discussion: """
      A FILE is a window, a pipeline of pipelines.d, backfilld.yaml, or the directory that holds these: everything in \
      it is checked. Without FILE that is \(ConfigReader.machineDirectory). A FILE whose name the daemon does not read \
      is a mistake too; in a directory such files are left out.
      """)

  @Argument(help: "The files; without one \(ConfigReader.machineDirectory).", completion: .file())
  var files: [String] = []
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let files = files.isEmpty ? [ConfigReader.machineDirectory] : files
    let checked = files.map { CheckedFile($0, ConfigReader.check(file: $0, machine: LocalMachine(checking: $0))) }
    if json {
      try Console.print(json: CheckAnswer(files: checked))
    } else {
      try Console.print(checked.filter(\.ok).map { "\(Text.printable($0.file)): ok" })
      // A mistake in a pipeline is one of each window that uses it.
      var told: Set<String> = []
      let texts = checked.flatMap(\.findings).map { Text.printable($0.text) }
      try Console.printError(texts.filter { told.insert($0).inserted })
    }
    if checked.contains(where: { !$0.ok }) { throw CommandFailure(.refused, "") }
  }
}

/// What `check --json` prints.
private struct CheckAnswer: Encodable {
  let files: [CheckedFile]
}

private struct CheckedFile: Encodable {
  let file: String
  let ok: Bool
  let findings: [CheckedFinding]

  init(_ file: String, _ findings: [ConfigFinding]) {
    self.file = file
    ok = findings.isEmpty
    self.findings = findings.map { CheckedFinding(finding: $0) }
  }
}

private struct CheckedFinding: Encodable {
  let finding: ConfigFinding

  /// `file:line:column: message; hint`.
  var text: String { finding.description }

  private enum CodingKeys: String, CodingKey {
    case file, line, column, message, hint
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(finding.file, forKey: .file)
    try container.encode(finding.line, forKey: .line)
    try container.encode(finding.column, forKey: .column)
    try container.encode(finding.message, forKey: .message)
    try container.encode(finding.hint, forKey: .hint)
  }
}

/// The users and zones of the machine this tool runs on.
struct LocalMachine: MachineFacts {
  private let zones = ZoneFiles()
  let stepUser: String?

  /// For a look at the configuration at `path`, a file or folder: what is the machine's is looked at as its daemon does.
  init(checking path: String = "") {
    let machine = Self.resolved(ConfigReader.machineDirectory)
    let checked = Self.resolved(path)
    let isMachines = checked == machine || checked.hasPrefix(machine + "/")
    stepUser = isMachines && geteuid() == 0 ? ServiceAccount.user : nil
  }

  /// `path` without links and relative parts; as it is where nothing is there.
  private static func resolved(_ path: String) -> String {
    guard let text = realpath(path, nil) else { return path }
    defer { free(text) }
    return String(cString: text)
  }

  var now: Instant? { Console.now() }

  var isRoot: Bool { geteuid() == 0 }

  var currentUser: String {
    guard let entry = getpwuid(geteuid()), let name = entry.pointee.pw_name else { return String(geteuid()) }
    return String(cString: name)
  }

  func userExists(_ name: String) -> Bool { getpwnam(name) != nil }

  func zone(named name: String) -> Zone? { zones.zone(named: name) }

  var zoneNames: [String] { zones.zoneNames }

  var localZone: Zone { zones.localZone }
}
