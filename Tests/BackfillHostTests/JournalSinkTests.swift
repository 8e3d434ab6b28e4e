import BackfillCore
import Foundation
import Testing

@testable import BackfillHost

struct JournalSinkTests {
  private static let hasJournal = FileManager.default.isWritableFile(atPath: StandardErrorFacts.journalSocket)

  @Test(.enabled(if: hasJournal, "no journald runs here"))
  func `the journal gives back a line with its bytes and its fields`() throws {
    let runID = UUID().uuidString
    let attempt = AttemptIdentity(
      window: "flights", date: CivilDate(daysSinceEpoch: 15_744), step: "routes", attempt: 1, runID: runID, chunk: 1)
    let sink = JournalSink(fallback: StandardErrorSink(style: .plain, clock: StandingClock(instant: Sample.instant)))
    sink.take(line: [0x61, 0x00, 0xFF], isError: false, of: attempt)
    _ = try journalctl(["--sync"])

    let entry = try JSONSerialization.jsonObject(with: journalctl(["-o", "json", "BACKFILL_RUN_ID=\(runID)"]))
    let fields = try #require(entry as? [String: Any])
    #expect(fields["MESSAGE"] as? [Int] == [0x61, 0x00, 0xFF])
    #expect(fields["SYSLOG_IDENTIFIER"] as? String == "routes")
    #expect(fields["BACKFILL_DATE"] as? String == "2013-02-08")
  }

  private func journalctl(_ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/journalctl")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return output
  }
}
