import ArgumentParser
import BackfillControl
import BackfillCore

/// `validate WINDOW [DATES...] [--apply] [--reason TEXT] [--json]`.
struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Judge the stored reports again with the current definition; run nothing.",
    discussion: """
      With --apply the new verdicts are written down, each kept with who and when: a date that becomes an anomaly is held, \
      and pauses the window as a fresh anomaly would; a date that was held by an anomaly alone is freed, what is left of \
      it runs with the next chunk. A verdict that keeps its word gets its new bands, odds and limits, with which the drift \
      test goes on.
      """)

  @Argument(help: "The window.", transform: WindowArgument.name) var window: String
  @Argument(help: ArgumentHelp("Dates and ranges; all without.", valueName: "dates"), transform: DateArguments.list)
  var lists: [[DateRange]] = []
  @Flag(help: "Write the new verdicts down.") var apply = false
  @Option(help: "Why; kept with each new verdict.", transform: DateArguments.reason) var reason: String?
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    if reason != nil, !apply { throw ValidationError("--reason is kept with what --apply writes.") }
  }

  func run() async throws {
    let dates = lists.flatMap { $0 }
    let request = ValidationRequest(
      window: window, dates: dates.isEmpty ? nil : dates, isApplied: apply, reason: reason)
    let view = try await daemon.ask(within: .seconds(600)) { client throws(ControlFailure) in
      try await client.validate(request)
    }
    if json {
      try Console.print(json: view)
    } else {
      try Console.print(ValidationRendering.lines(view, in: Console.surroundings()))
    }
    guard !view.refused.isEmpty else { return }
    try Console.printError(LeftAlone.lines(view.refused))
    throw CommandFailure(.refused, "")
  }
}
