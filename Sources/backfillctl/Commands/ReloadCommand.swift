import ArgumentParser
import BackfillControl
import BackfillCore

/// `reload`.
struct ReloadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload", abstract: "Have the configuration read again, and say what changed.",
    discussion: """
      Returns when the files are read and everything that can take effect has. A changed window with dates in flight \
      takes effect when those have ended; this command and status say that it waits. Exit status 1 when a file has \
      errors: what was in force before stays in force.
      """)

  @OptionGroup var daemon: DaemonOptions

  func run() async throws {
    let answer = try await daemon.ask { client throws(ControlFailure) in try await client.reload() }
    try Console.print(ReloadRendering.lines(answer, in: Console.surroundings()))
    guard answer.hasErrors else { return }
    throw CommandFailure(.refused, "the configuration has errors, named above: what they are about is as it was before")
  }
}
