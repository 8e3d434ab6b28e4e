import ArgumentParser
import BackfillControl
import BackfillCore
import Glibc

/// `logs WINDOW [DATE] [--step S] [-f] [--print]`.
struct LogsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "The journal of a window: events and the output of its steps.",
    discussion: """
      It becomes journalctl with the right matches. A daemon that can be reached is asked first whether there is such \
      a window, date and step; without one the journal is read all the same. With --print or --directory no daemon is \
      asked. Without journald the daemon writes to standard error.
      """)

  @Argument(help: "The window.", transform: WindowArgument.name) var window: String
  @Argument(help: "Only this date.", transform: DateArguments.date) var date: CivilDate?
  @Option(help: "Only this step.") var step: String?
  @Flag(name: [.short, .long], help: "Go on with what comes, until Ctrl-C.") var follow = false
  @Flag(name: .customLong("print"), help: "Print the command instead of running it.") var isPrinted = false
  @Option(help: ArgumentHelp("Read the journal files of this folder.", valueName: "folder"), completion: .directory)
  var directory: String?
  @OptionGroup var daemon: DaemonOptions

  func run() async throws {
    let isUser = daemon.client.isUser
    let call = JournalCall(window: window, date: date, step: step, follow: follow, isUser: isUser, directory: directory)
    if isPrinted { return try Console.print([call.shellLine]) }
    try await checkKnown()
    let program = try JournalAccess.program(searchPath: Console.environment("PATH") ?? "/usr/bin:/bin")
    let trouble =
      directory.map { JournalAccess.trouble(in: [$0], of: .named) }
      ?? JournalAccess.trouble(in: JournalAccess.folders, of: isUser ? .user : .system)
    if let trouble { throw CommandFailure(.refused, trouble) }
    throw call.replaceThisProcess(with: program)
  }
}

/// One call of journalctl. Source: journalctl(1); the fields are those that the daemon writes.
struct JournalCall: Sendable, Equatable {
  /// `NAME=value` of each field that must match; all of them must.
  let matches: [(name: String, value: String)]
  private let options: [String]

  init(
    window: String, date: CivilDate? = nil, step: String? = nil, follow: Bool = false, isUser: Bool = false,
    directory: String? = nil
  ) {
    let fields: [(name: String, value: String?)] = [
      ("BACKFILL_WINDOW", window), ("BACKFILL_DATE", date?.description), ("BACKFILL_STEP", step),
    ]
    matches = fields.compactMap { field in field.value.map { (field.name, $0) } }
    options =
      (isUser ? ["--user"] : []) + (directory.map { ["--directory=\($0)"] } ?? []) + (follow ? ["--follow"] : [])
  }

  static func == (left: JournalCall, right: JournalCall) -> Bool { left.arguments == right.arguments }

  /// Without the name of the program.
  var arguments: [String] { options + matches.map { "\($0.name)=\($0.value)" } }

  /// The command as a shell takes it.
  var shellLine: String {
    let words =
      options.map { NextCommands.shell($0, alsoPlain: "=/") }
      + matches.map { "\($0.name)=\(NextCommands.shell($0.value))" }
    return (["journalctl"] + words).joined(separator: " ")
  }

  /// Becomes `program`; returns only when that fails.
  func replaceThisProcess(with program: String) -> CommandFailure {
    var words: [UnsafeMutablePointer<CChar>?] = (["journalctl"] + arguments).map { strdup($0) }
    words.append(nil)
    execv(program, &words)
    return CommandFailure(.refused, "cannot run \(program): \(String(cString: strerror(errno)))")
  }
}
