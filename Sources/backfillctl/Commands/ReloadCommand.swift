import ArgumentParser
import BackfillControl
import BackfillCore

/// `reload`.
struct ReloadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload", abstract: "Have the configuration read again, and say what changed.",
    discussion: """
      Waits until the new definitions are in force. A window with dates in flight goes on under its old definition until \
      they have ended. Exit status 1 when a file has errors: what was in force before stays in force.
      """)

  @OptionGroup var daemon: DaemonOptions

  func run() async throws {
    let answer = try await daemon.ask { client throws(ControlFailure) in try await client.reload() }
    try Console.print(ReloadRendering.lines(answer, in: Console.surroundings()))
    if answer.hasErrors { throw CommandFailure(.refused, "") }
  }
}
