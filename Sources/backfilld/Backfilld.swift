import ArgumentParser
import BackfillCore
import BackfillHost
import CPosix

/// The daemon's command line.
@main
struct Backfilld: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backfilld",
    abstract: "Runs backfill windows date by date: a scheduler daemon for systemd.",
    discussion: """
      Stays in the foreground. Windows are files in CONFIG-DIR/windows.d; `backfillctl` talks to it through \
      RUNTIME-DIR/control.sock. The defaults are the installed daemon's; anyone can run a private one in three folders of \
      his own, or with --user in those of the XDG Base Directory Specification.

      A window without `run.user` runs as the daemon's user. The machine's daemon, which systemd started or which has its \
      ledger in \(DaemonFolders.machine.state), runs it as `backfilld` also where it runs as root itself; one that root \
      starts with a --state-dir of its own runs it as root. A --config-dir that is checked without a --state-dir is taken \
      for that of such a daemon.

      Steps must be repeatable: after a crash an attempt is executed again, under the same BACKFILL_RUN_ID.

      Exit status: 0 after an orderly stop, or where --check-config finds nothing; 1 when it could not start or go on, or \
      where --check-config finds something; 64 when the command line is wrong.
      """,
    version: BackfilldVersion.current)

  @OptionGroup var options: FolderOptions

  @Flag(name: .customLong("check-config"), help: "Read the configuration, say what is wrong with it, and exit.")
  var checkConfig = false

  @Flag(
    name: .customLong("new-ledger"),
    help: "Begin an empty ledger where the old one has vanished. A ledger that is there is never touched.")
  var newLedger = false

  func run() async throws {
    cposix_fill_standard()
    let environment = ProcessEnvironment.ofThisProcess()
    if checkConfig { throw try ConfigCheck(options, environment).exitCode() }
    do {
      let folders = try options.folders(environment)
      try await Daemon(folders: folders, isUser: options.isUser, environment: environment, allowNewLedger: newLedger)
        .run()
    } catch {
      // What a person must look at is an error in the journal too; the parser would write it as any other line.
      throw tellJournal("\(error)", environment: environment) ? ExitCode.failure : error
    }
  }
}

/// Why the daemon could not start, or had to end; printed on standard error, exit status 1.
struct StartFailure: Error, CustomStringConvertible {
  let message: String

  var description: String { message }
}
