import ArgumentParser
import BackfillControl
import BackfillCore

/// `plan WINDOW [--nights N] [--json]`.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Every date: in or out and why, its band, the night that will run it; the finish.",
    discussion: """
      The nights are gone through with the ramp, the chunk, the order and look backs, as if every date ended well. How \
      long a date takes is the median of those that are done. Other windows are not looked at, but for the locks that \
      they share with this one.
      """)

  @Argument(help: "The window.", transform: WindowArgument.name) var window: String
  @Option(help: "Only the dates of the next N nights.") var nights: Int?
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    if let nights, nights < 1 { throw ValidationError("--nights is \(nights), not a number from 1 on.") }
  }

  func run() async throws {
    let request = PlanRequest(window: window, nights: nights)
    let plan = try await daemon.ask { client throws(ControlFailure) in try await client.plan(request) }
    if json { return try Console.print(json: plan) }
    try Console.print(PlanRendering.lines(plan, in: Console.surroundings()))
  }
}
