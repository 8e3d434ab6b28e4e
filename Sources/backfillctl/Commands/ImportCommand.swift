import ArgumentParser
import BackfillConfig
import BackfillControl
import BackfillCore

/// `import WINDOW --done FILE [--reason TEXT] [--dry-run]`.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Record dates as done that were done before backfilld.",
    discussion: """
      FILE has one DATE a line; empty lines and what follows a # are left out. Dates that the ledger knows something of \
      are left alone and listed. When a line is wrong, or the window does not cover its date, nothing is recorded.
      """)

  @Argument(help: "The window.", transform: WindowArgument.name) var window: String
  @Option(help: ArgumentHelp("The dates that are done.", valueName: "file"), completion: .file()) var done: String
  @Option(help: "Why; kept with the dates.", transform: DateArguments.reason) var reason: String?
  @Flag(help: "Show what would be recorded; change nothing.") var dryRun = false
  @OptionGroup var daemon: DaemonOptions

  func run() async throws {
    let (lines, findings) = DateFile.lines(of: done)
    guard !lines.isEmpty else { throw try refusal(findings) }
    // With a bad line nothing is recorded, but the other lines are looked at all the same: all findings at once.
    let request = ImportRequest(
      window: window, dates: lines.keys.sorted(), reason: reason, dryRun: dryRun || !findings.isEmpty)
    let answer: ImportAnswer
    do {
      answer = try await daemon.ask { client throws(ControlFailure) in try await client.importDone(request) }
    } catch {
      try Console.printError(findings.map { Text.printable($0.description) })
      throw error
    }
    let uncovered = answer.uncovered.map { date in
      ConfigFinding(file: done, line: lines[date] ?? 1, column: 1, message: "`\(window)` does not cover \(date)")
    }
    guard findings.isEmpty, uncovered.isEmpty else { throw try refusal(findings + uncovered) }
    try Console.print(ImportRendering.lines(answer))
  }

  private func refusal(_ findings: [ConfigFinding]) throws(CommandFailure) -> CommandFailure {
    let sorted = findings.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    try Console.printError(sorted.map { Text.printable($0.description) })
    return CommandFailure(.refused, "nothing was recorded: \(Text.count(findings.count, "finding")) in \(done)")
  }
}
