import ArgumentParser
import BackfillControl
import BackfillCore

/// One window, or all of them.
struct WindowTarget: ParsableArguments {
  @Argument(help: "The window.") var window: String?
  @Flag(help: "All windows.") var all = false
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    if (window == nil) != all { throw ValidationError("Name a window, or say --all.") }
  }
}

/// `pause WINDOW|--all [--reason TEXT]`.
struct PauseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Start no new dates; those in flight end.")

  @OptionGroup var target: WindowTarget
  @Option(help: "Why; `status` shows it.", transform: DateArguments.reason) var reason: String?

  func run() async throws {
    let request = PauseRequest(window: target.window, reason: reason)
    try ChangeReport.print(
      try await target.daemon.ask { client throws(ControlFailure) in try await client.pause(request) })
  }
}

/// `resume WINDOW|--all [--now] [--reason TEXT]`.
struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let a paused window go on, at once or at its next firing.")

  @OptionGroup var target: WindowTarget
  @Flag(help: "Start a chunk at once, as if the schedule had fired.") var now = false
  @Option(help: "Why; kept with the window.", transform: DateArguments.reason) var reason: String?

  func run() async throws {
    let request = ResumeRequest(window: target.window, now: now, reason: reason)
    try ChangeReport.print(
      try await target.daemon.ask { client throws(ControlFailure) in try await client.resume(request) })
  }
}
