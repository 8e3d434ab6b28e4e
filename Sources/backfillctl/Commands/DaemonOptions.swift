import ArgumentParser
import BackfillControl
import BackfillCore

/// Where the daemon is, for every command that talks to it.
struct DaemonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The daemon's socket; BACKFILLD_SOCKET without this option, else /run/backfilld/control.sock.",
      valueName: "path"))
  var socket: String?

  /// A client of that socket.
  var client: ControlClient { client(timeout: .seconds(30)) }

  private func client(timeout: Duration) -> ControlClient {
    ControlClient(
      socketPath: socket ?? Console.environment("BACKFILLD_SOCKET") ?? "/run/backfilld/control.sock",
      timeout: timeout)
  }

  /// Asks the daemon, which has `timeout` to answer; what goes wrong becomes the exit status of the command.
  func ask<Answer: Sendable>(
    within timeout: Duration = .seconds(30), _ question: (ControlClient) async throws(ControlFailure) -> Answer
  ) async throws(CommandFailure) -> Answer {
    do {
      return try await question(client(timeout: timeout))
    } catch {
      throw CommandFailure(error)
    }
  }
}

/// Prints what came of a change: on standard output what changed, on standard error what did not.
enum ChangeReport {
  static func print(_ answer: ChangeAnswer) throws(CommandFailure) {
    try Console.print(answer.message.split(separator: "\n").map { Text.printable(String($0)) })
    guard !answer.refused.isEmpty else { return }
    try Console.printError(LeftAlone.lines(answer.refused))
    throw CommandFailure(.refused, "")
  }
}
