import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// What gets into the journal, by its own protocol.
@Suite(.timeLimit(.minutes(3)), .enabled(if: canChangeUser, "needs root and unshare"))
struct FloodTests {
  private static let window = """
    dates: {from: 2024-01-01, to: 2024-01-01}
    steps:
      load:
        command: [/bin/sh, -c, 'seq 1 1000000; echo "not good" >&2; exit 3']
        retry: {attempts: 1}
        report: {from: none}
    """
  /// Becomes the daemon, with a journal of its own behind its standard error.
  private static let launcher = """
    mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal && mount --bind "$0" /run/systemd/journal || exit 9
    export JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2)
    exec "$@"
    """

  private func start(_ stage: DaemonStage, _ arguments: [String] = []) throws -> (DaemonProcess, JournalSocket) {
    let journal = try JournalSocket(path: stage.folder.folder("journal") + "/socket")
    let daemon = try stage.start(
      arguments,
      launcher: ["/usr/bin/unshare", "-m", "/bin/sh", "-c", Self.launcher, stage.folder.path + "/journal"])
    return (daemon, journal)
  }

  @Test func `a million lines of a step leave the daemon's own messages in the journal, and are counted`() async throws
  {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let (daemon, journal) = try start(stage)
    try await daemon.ready()
    _ = try await stage.client.run(
      RunRequest(window: "w", dates: [DateRange(from: day("2024-01-01"), to: day("2024-01-01"))]))
    #expect(await daemon.notes.wait(atMost: .seconds(120)) { $0.contains(.told("STATUS=w: 0 of 1 done, 1 held")) })
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
    journal.finish()

    let output = journal.entries.filter { $0["SYSLOG_IDENTIFIER"] == "load" }
    let leftOut = journal.entries.filter { $0["BACKFILL_EVENT"] == "output-left-out" }
    let told = leftOut.compactMap { entry in
      entry["MESSAGE"]?.firstMatch(of: /wrote too much: (\d+) lines? of its output/).flatMap { Int($0.1) }
    }
    // A minute's budget; on a machine that needs longer than a minute, of two or three.
    #expect(output.count >= 5000)
    #expect(output.count <= 15_000)
    #expect(output.count + told.reduce(0, +) == 1_000_001)
    #expect(output.first?["MESSAGE"] == "1")
    #expect(Set(output.map { $0["PRIORITY"] }) == ["6"])
    #expect(Set(output.map { $0["BACKFILL_DATE"] }) == ["2024-01-01"])

    let own = journal.entries.filter { $0["SYSLOG_IDENTIFIER"] == "backfilld" }
    let kinds = own.compactMap { $0["BACKFILL_EVENT"] }
    // Of the last two, the stop may be told first: it does not go through the ledger.
    let usual = kinds.filter { !["output-left-out", "daemon-stopping"].contains($0) }
    #expect(
      usual == [
        "daemon-started", "activation-opened", "step-started", "step-failed", "date-held", "activation-ended",
      ])
    #expect(kinds.contains("daemon-stopping"))
    #expect(Set(own.map { $0["MESSAGE_ID"]?.count }) == [32])
    // `journalctl -p warning`: what a person must look at.
    let warnings = journal.entries.filter { ["0", "1", "2", "3", "4"].contains($0["PRIORITY"]) }
    #expect(warnings.map { $0["BACKFILL_EVENT"] } == ["step-failed", "date-held"])
    // The last lines are in the ledger.
    let ledger = try LedgerCopy(of: stage.ledger)
    #expect(
      try ledger.value("SELECT instr(CAST(tail AS TEXT), char(10) || '1000000' || char(10)) > 0 FROM attempts") == "1")
    #expect(daemon.errors == "")
  }

  @Test func `why the daemon does not start is an error in the journal`() async throws {
    let stage = try DaemonStage()
    let (daemon, journal) = try start(stage, ["--state-dir", "/nonexistent/state"])
    #expect(try await daemon.ended() == .exited(1))
    journal.finish()
    // Standard error is the journal's stream, which reads the priority from the beginning of the line.
    #expect(daemon.errors == "<3>cannot make the folder `/nonexistent/state`: No such file or directory\n")
  }
}
