import ArgumentParser
import BackfillControl
import BackfillCore

/// One window, or all of them.
private enum WindowTarget {
  static func check(_ window: String?, all: Bool) throws {
    if (window == nil) != all { throw ValidationError("Name a window, or say --all.") }
  }
}

/// `pause WINDOW|--all [--reason TEXT]`.
struct PauseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Start no new dates; those in flight end.")

  @Argument(help: "The window.", transform: WindowArgument.name) var window: String?
  @Flag(help: "All windows.") var all = false
  @Option(help: "Why; `status` shows it.", transform: DateArguments.reason) var reason: String?
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    try WindowTarget.check(window, all: all)
  }

  func run() async throws {
    let request = PauseRequest(window: window, reason: reason)
    try ChangeReport.print(
      try await daemon.ask { client throws(ControlFailure) in try await client.pause(request) })
  }
}

/// `resume WINDOW|--all [--now] [--reason TEXT]`.
struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let a paused window go on, at once or at its next firing.")

  @Argument(help: "The window.", transform: WindowArgument.name) var window: String?
  @Flag(help: "All windows that a person paused; one that backfilld paused for its evidence must be named.")
  var all = false
  @Flag(help: "Start a chunk at once, as if the schedule had fired.") var now = false
  @Option(help: "Why; kept with the window.", transform: DateArguments.reason) var reason: String?
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    try WindowTarget.check(window, all: all)
  }

  func run() async throws {
    let request = ResumeRequest(window: window, now: now, reason: reason)
    try ChangeReport.print(
      try await daemon.ask { client throws(ControlFailure) in try await client.resume(request) })
  }
}
