import ArgumentParser
import BackfillControl
import BackfillCore

/// `show WINDOW [DATE] [--json]`.
struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "A window date by date, or everything about one date.",
    discussion: """
      The memory of an attempt is that of its largest process; a - where it took less than the daemon itself, below which \
      the kernel cannot tell.
      """)

  @Argument(help: "The window.", transform: WindowArgument.name) var window: String
  @Argument(help: "One date of it.", transform: DateArguments.date) var date: CivilDate?
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var daemon: DaemonOptions

  func run() async throws {
    let view = try await daemon.ask { client throws(ControlFailure) in try await client.show(window, date: date) }
    if json { return try Console.print(json: view) }
    let surroundings = Console.surroundings()
    guard let date, let shown = view.dates.first(where: { $0.date == date }) else {
      return try Console.print(DatesRendering.lines(view, in: surroundings))
    }
    try Console.print(DateRendering.lines(view, shown, in: surroundings))
  }
}
