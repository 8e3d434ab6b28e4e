import BackfillCore

/// Reads the files of a configuration directory, each on its own: a bad one disables only its window.
public struct ConfigReader: Sendable {
  /// Where the configuration of an installed daemon is.
  public static let machineDirectory = "/etc/backfilld"

  /// The directory that holds `backfilld.yaml`, `windows.d` and `pipelines.d`.
  public let directory: String
  private let machine: any MachineFacts

  public init(directory: String, machine: any MachineFacts) {
    self.directory = directory
    self.machine = machine
  }

  /// Reads everything; what is not there is empty, what is wrong is in the findings.
  public func read() -> ConfigSet {
    var findings: [ConfigFinding] = []
    let isThere = Directory.has(directory)
    if !isThere {
      findings.append(
        ConfigFinding(
          file: directory, line: 1, column: 1, message: "there is no such directory",
          hint: "make it, with a folder `windows.d` for the windows, or name another with --config-dir"))
    }
    var settings = DaemonSettings()
    // Files that are away as a whole, or under another name, say nothing about the settings.
    var areSettingsSound = isThere
    let settingsFile = Path.join(directory, "backfilld.yaml")
    if Directory.has(settingsFile) {
      let (read, others) = SettingsReader.read(settingsFile)
      settings = read
      findings += others
      areSettingsSound = others.isEmpty
    }
    let misnamed = Path.join(directory, "backfilld.yml")
    if Directory.has(misnamed) {
      if !Directory.has(settingsFile) { areSettingsSound = false }
      findings.append(
        ConfigFinding(
          file: misnamed, line: 1, column: 1, message: "is not read: the settings are in `backfilld.yaml`",
          hint: "rename or remove it"))
    }
    let pipelines = PipelineReader(directory: Path.join(directory, "pipelines.d"), machine: machine)
    let pipelineFindings = files(in: pipelines.directory, &findings).flatMap { file in
      PipelineReader.read(file, since: WindowReader.unknownStart, machine: machine).findings
    }
    let before = findings.count
    let windowDirectory = Path.join(directory, "windows.d")
    let windowFiles = files(in: windowDirectory, &findings)
    if isThere, findings.count == before, !Directory.isThere(windowDirectory) {
      // An empty one has no windows; one that has gone may have been moved by mistake.
      findings.append(
        ConfigFinding(
          file: windowDirectory, line: 1, column: 1, message: "there is no such directory",
          hint: "make it: each of its files is a window"))
    }
    let areWindowsListed = isThere && findings.count == before
    let (windows, rejected) = windows(in: windowFiles, pipelines: pipelines)
    return ConfigSet(
      settings: settings, settingsFindings: findings, pipelineFindings: pipelineFindings, windows: windows,
      rejected: rejected, areSettingsSound: areSettingsSound, areWindowsListed: areWindowsListed)
  }

  private func files(in directory: String, _ findings: inout [ConfigFinding]) -> [String] {
    do {
      return try Directory.yamlFiles(in: directory).map { Path.join(directory, $0) }
    } catch {
      findings.append(ConfigFinding(file: directory, line: 1, column: 1, message: error.message, hint: error.hint))
      return []
    }
  }

  private func windows(in files: [String], pipelines: PipelineReader) -> ([Window], [RejectedWindow]) {
    var windows: [Window] = []
    var rejected: [RejectedWindow] = []
    for file in files {
      let name = Path.stem(Path.last(file))
      var (window, findings) = WindowReader.read(file, pipelines: pipelines)
      for other in files where other != file && Path.stem(Path.last(other)) == name {
        let twin = ConfigFinding(
          file: file, line: 1, column: 1, message: "the window \(quoted(name)) is also in `\(other)`",
          hint: "rename or remove one of the two files")
        findings.insert(twin, at: 0)
      }
      if let window, findings.isEmpty {
        windows.append(window)
      } else {
        rejected.append(RejectedWindow(name: name, file: file, findings: findings))
      }
    }
    return (windows.sorted { $0.name < $1.name }, rejected.sorted { ($0.name, $0.file) < ($1.name, $1.file) })
  }
}
