import ArgumentParser
import BackfillControl
import BackfillCore

/// `run WINDOW --date D | --dates A,B | --from A --to B [--step S] [--reason TEXT] [--dry-run]`.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run dates now, outside the schedule.",
    discussion: "The dates are marked as tried by hand; the ramp of the window does not move.")

  @Argument(help: "The window.", transform: WindowArgument.name) var window: String
  @Option(help: "One date, or a range.", transform: DateArguments.range) var date: DateRange?
  @Option(help: "Dates and ranges with commas or blanks between them.", transform: DateArguments.list) var dates:
    [DateRange]?
  @Option(help: "The first date; with --to.", transform: DateArguments.date) var from: CivilDate?
  @Option(help: "The last date; with --from.", transform: DateArguments.date) var to: CivilDate?
  @Option(help: "Only this step.") var step: String?
  @Option(help: "Why; kept with the dates.", transform: DateArguments.reason) var reason: String?
  @Flag(help: "Start nothing: say what would run.") var dryRun = false
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    _ = try ranges()
  }

  func run() async throws {
    let request = RunRequest(window: window, dates: try ranges(), step: step, reason: reason, isDryRun: dryRun)
    try ChangeReport.print(
      try await daemon.ask { client throws(ControlFailure) in try await client.run(request) })
  }

  private func ranges() throws -> [DateRange] {
    if (from == nil) != (to == nil) { throw ValidationError("--from and --to go together.") }
    var given: [[DateRange]] = []
    if let date { given.append([date]) }
    if let dates { given.append(dates) }
    if let from, let to {
      if from > to { throw ValidationError("--from \(from) is after --to \(to).") }
      given.append([DateRange(from: from, to: to)])
    }
    guard given.count == 1 else {
      throw ValidationError("Name the dates in one way: --date D, --dates A,B or --from A --to B.")
    }
    return given[0]
  }
}
