import ArgumentParser
import BackfillControl
import BackfillCore

/// `rerun WINDOW DATES... [--step S] [--downstream] [--reason TEXT] [--dry-run] [--yes]`.
struct RerunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rerun", abstract: "Run steps again whose results are there already.",
    discussion: """
      What was computed from them becomes stale, on the same dates and on those that look back at them. Stale steps wait \
      for the schedule, or run at once with --downstream. The count is shown, and must be confirmed.
      """)

  @Argument(help: "The window.", transform: WindowArgument.name) var window: String
  @Argument(help: ArgumentHelp("Dates and ranges.", valueName: "dates"), transform: DateArguments.list)
  var lists: [[DateRange]]
  @Option(help: "Only this step.") var step: String?
  @Flag(help: "Run what becomes stale now as well.") var downstream = false
  @Option(help: "Why; kept with the dates.", transform: DateArguments.reason) var reason: String?
  @Flag(help: "Show what would run again and become stale; change nothing.") var dryRun = false
  @Flag(help: "Do not ask.") var yes = false
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    if dryRun, yes { throw ValidationError("--dry-run changes nothing: there is nothing to say --yes to.") }
  }

  func run() async throws {
    let shown = try await ask(dryRun: !yes)
    try Console.print(RerunRendering.lines(shown, in: Console.surroundings()))
    try Console.printError(LeftAlone.lines(shown.refused))
    if !yes, !dryRun, !shown.dates.isEmpty {
      try confirm(shown)
      try Console.print([Text.printable(try await ask(confirmed: shown.count).message)])
    }
    if !shown.refused.isEmpty { throw CommandFailure(.refused, "") }
  }

  private func ask(dryRun: Bool = false, confirmed: RerunCount? = nil) async throws(CommandFailure) -> RerunAnswer {
    let request = RerunRequest(
      window: window, dates: lists.flatMap { $0 }, step: step, downstream: downstream, reason: reason, dryRun: dryRun,
      confirmed: confirmed)
    return try await daemon.ask { client throws(ControlFailure) in try await client.rerun(request) }
  }

  private func confirm(_ outlook: RerunAnswer) throws(CommandFailure) {
    let count = "\(Text.count(outlook.count.steps, "step")) on \(Text.count(outlook.count.dates, "date"))"
    guard Console.canAsk else {
      throw CommandFailure(
        .usage, "\(count): not confirmed, standard input is not a terminal; say --yes, or --dry-run to look only")
    }
    guard try Console.confirms("Run \(count) again?") else { throw CommandFailure(.refused, "nothing was changed") }
  }
}
