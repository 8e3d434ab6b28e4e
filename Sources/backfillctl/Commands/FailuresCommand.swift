import ArgumentParser
import BackfillControl
import BackfillCore

/// `failures WINDOW [--by category|step|date|week] [--json]`.
struct FailuresCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "failures", abstract: "What failed: counts, rates, and the bands that were expected.",
    discussion: """
      It counts the reports of the steps that are done. A band over several dates is the mean of their bands, weighted by \
      what was attempted. A week is named by its Monday.
      """)

  @Argument(help: "The window.", transform: WindowArgument.name) var window: String
  @Option(help: "Count by category, step, date or week.") var by: FailuresRequest.Grouping = .category
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var daemon: DaemonOptions

  func run() async throws {
    let request = FailuresRequest(window: window, by: by)
    let failures = try await daemon.ask { client throws(ControlFailure) in try await client.failures(request) }
    if json { return try Console.print(json: failures) }
    try Console.print(FailuresRendering.lines(failures, in: Console.surroundings()))
  }
}

extension FailuresRequest.Grouping: ExpressibleByArgument {}
