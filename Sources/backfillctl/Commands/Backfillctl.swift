import ArgumentParser
import BackfillCore
import CPosix
import Glibc

/// The operator's tool: it talks to the daemon through its socket, and never opens the database.
@main
struct Backfillctl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backfillctl",
    abstract: "Look at backfills and decide about them.",
    discussion: """
      Dates are written 2021-11-01, ranges 2021-11-01..2021-11-30; show and logs take one date.
      Exit status: 0 done; 1 refused or failed, also when some of several dates were refused; 2 usage; 3 the daemon \
      cannot be reached; 4 no such window, date or step.
      """,
    version: "backfillctl \(BackfilldVersion.current)",
    subcommands: [
      StatusCommand.self, ShowCommand.self, PlanCommand.self, FailuresCommand.self, LogsCommand.self, RunCommand.self,
      AcceptCommand.self, RetryCommand.self, SkipCommand.self, RerunCommand.self, ValidateCommand.self,
      ImportCommand.self, BackupCommand.self,
      PauseCommand.self, ResumeCommand.self, ReloadCommand.self, CheckCommand.self, CalendarCommand.self,
      JudgeCommand.self, DoctorCommand.self,
    ])

  /// Runs the command and ends the process with its exit status.
  static func main() async {
    cposix_fill_standard()
    do {
      try refuseUnknownCommand(in: CommandLine.arguments.dropFirst())
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      report(failure)
    } catch {
      leave(error)
    }
  }

  /// The parser takes a word that is no command for an argument too many, and shows its own help for `help` with such a word.
  private static func refuseUnknownCommand(in arguments: ArraySlice<String>) throws(ValidationError) {
    let words = arguments.first == "help" ? arguments.dropFirst() : arguments
    let known = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard let word = words.first, !word.hasPrefix("-"), !(known + ["help"]).contains(word) else { return }
    let hint =
      Suggestion.hint(for: word, among: known + ["help"]) ?? "the commands are \(known.joined(separator: ", "))"
    throw ValidationError("There is no command `\(Text.printable(word))`; \(hint)")
  }

  private static func report(_ failure: CommandFailure) -> Never {
    if !failure.message.isEmpty { say("backfillctl: \(failure.message)") }
    Glibc.exit(failure.status.rawValue)
  }

  /// Help and version go to standard output; what the parser does not understand is usage.
  private static func leave(_ error: any Error) -> Never {
    if exitCode(for: error) == .success {
      Swift.print(fullMessage(for: error))
      Glibc.exit(ExitStatus.done.rawValue)
    }
    say(fullMessage(for: error))
    Glibc.exit((exitCode(for: error) == .validationFailure ? ExitStatus.usage : .refused).rawValue)
  }

  private static func say(_ message: String) {
    do {
      try Console.printError([message])
    } catch {
      // Nobody reads standard error; the exit status still says it.
      Glibc.exit(ExitStatus.refused.rawValue)
    }
  }
}
