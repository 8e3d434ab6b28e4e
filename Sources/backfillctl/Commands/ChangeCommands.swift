import ArgumentParser
import BackfillControl
import BackfillCore

/// The window and the dates that a decision is about.
struct DecisionTarget: ParsableArguments {
  @Argument(help: "The window.", transform: WindowArgument.name) var window: String
  @Argument(help: ArgumentHelp("Dates and ranges.", valueName: "dates"), transform: DateArguments.list)
  var lists: [[DateRange]]
  @OptionGroup var daemon: DaemonOptions

  func change(_ action: ChangeRequest.Action, reason: String?) async throws {
    let request = ChangeRequest(window: window, action: action, dates: lists.flatMap { $0 }, reason: reason)
    try ChangeReport.print(
      try await daemon.ask { client throws(ControlFailure) in try await client.change(request) })
  }
}

/// `accept WINDOW DATES... --reason TEXT`.
struct AcceptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "Take the result of held dates as it is; the steps below run.",
    discussion: "A date that a drift alarm names may be done: its rate starts anew after it.")

  @OptionGroup var target: DecisionTarget
  @Option(help: "Why it is right as it is; kept with the date.", transform: DateArguments.reason) var reason: String

  func run() async throws {
    try await target.change(.accept, reason: reason)
  }
}

/// `retry WINDOW DATES... [--reason TEXT]`.
struct RetryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Run again what failed or was held on these dates.")

  @OptionGroup var target: DecisionTarget
  @Option(help: "Why; kept with the date.", transform: DateArguments.reason) var reason: String?

  func run() async throws {
    try await target.change(.retry, reason: reason)
  }
}

/// `skip WINDOW DATES... --reason TEXT`.
struct SkipCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skip", abstract: "Leave these dates out, until retry takes them back.",
    discussion: "Dates that look back at a skipped date wait for the steps it lacks.")

  @OptionGroup var target: DecisionTarget
  @Option(help: "Why they are left out; kept with the date.", transform: DateArguments.reason) var reason: String

  func run() async throws {
    try await target.change(.skip, reason: reason)
  }
}
