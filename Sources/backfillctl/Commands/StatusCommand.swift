import ArgumentParser
import BackfillControl
import BackfillCore

/// `status [WINDOW] [--watch] [--json]`.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How the daemon and its windows stand.")

  @Argument(help: "Only this window.", transform: WindowArgument.name) var window: String?
  @Flag(help: "Show it again each second, until Ctrl-C; without a terminal, a line for each change.") var watch = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    if watch, json { throw ValidationError("--watch and --json exclude each other.") }
  }

  func run() async throws {
    if watch { return try await StatusWatch(daemon: daemon, window: window).run() }
    let status = try await daemon.ask { client throws(ControlFailure) in try await client.status(of: window) }
    if json { return try Console.print(json: status) }
    let held = try await daemon.heldDates(of: status)
    try Console.print(StatusRendering.lines(status, held: held, in: Console.surroundings()))
  }
}

extension DaemonOptions {
  /// The dates that wait for a person or for their input, so that the next command can name them.
  func heldDates(of status: DaemonStatus) async throws(CommandFailure) -> [String: [DateView]] {
    var held: [String: [DateView]] = [:]
    for window in status.windows where window.dates.count(.held) > 0 {
      let view = try await ask { client throws(ControlFailure) in try await client.show(window.window) }
      held[window.window] = view.dates.filter { $0.state == .held }
    }
    return held
  }
}
