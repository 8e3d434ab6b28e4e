import ArgumentParser
import BackfillControl
import BackfillCore

/// `backup FILE [--json]`.
struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the ledger into a new file, while the daemon works.",
    discussion: """
      The daemon writes the file, as its own user, so that only root and that user may ask; its folder must be there, \
      and let that user write. To restore it: stop the daemon, put the file in the place of backfilld.db, remove \
      backfilld.db-wal and backfilld.db-shm, start the daemon.
      """)

  @Argument(help: "The file, an absolute path as the daemon sees it; it must not be there yet.", completion: .file())
  var file: String
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    if !file.hasPrefix("/") || file.hasSuffix("/") {
      throw ValidationError("`\(file)` is not the absolute path of a file.")
    }
  }

  func run() async throws {
    let backup = try await daemon.ask(within: .seconds(3600)) { client throws(ControlFailure) in
      try await client.backup(to: file)
    }
    if json { return try Console.print(json: backup) }
    try Console.print(["\(Text.printable(backup.file)): \(AttemptRendering.memory(Int((backup.bytes + 1023) / 1024)))"])
  }
}
