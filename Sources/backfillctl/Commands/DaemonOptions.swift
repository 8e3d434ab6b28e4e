import ArgumentParser
import BackfillControl
import BackfillCore
import Glibc

/// Where the daemon is, for every command that talks to it.
struct DaemonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The daemon's socket; BACKFILLD_SOCKET without this option, else /run/backfilld/control.sock.",
      valueName: "path"), completion: .file())
  var socket: String?

  @Flag(
    name: .customLong("user"),
    help: "Your own daemon (`backfilld --user`); it is asked without this too where the machine has none.")
  var isUser = false

  func validate() throws {
    if isUser, socket != nil { throw ValidationError("Give --socket or --user, not both.") }
  }

  /// A client of that socket.
  var client: ControlClient { client(timeout: .seconds(30)) }

  /// A client that waits so long for an answer.
  func client(timeout: Duration) -> ControlClient {
    let place = SocketPlace(
      option: socket, isUser: isUser, environment: Console.environment, user: getuid(),
      isThere: { access($0, F_OK) == 0 })
    return ControlClient(socketPath: place.path, isUser: place.isUser, timeout: timeout)
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
