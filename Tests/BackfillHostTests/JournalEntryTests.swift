import BackfillCore
import Testing

@testable import BackfillHost

struct JournalEntryTests {
  private func text(_ entry: JournalEntry) -> [String] {
    entry.fields.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `an event has its message, priority, identity, instant and fields`() {
    let entry = JournalEntry(event: Sample.dateDone, at: Sample.instant)
    #expect(
      text(entry) == [
        "MESSAGE=flights 2013-02-08 done (pass)",
        "PRIORITY=6",
        "MESSAGE_ID=\(Sample.dateDone.messageID)",
        "SYSLOG_IDENTIFIER=backfilld",
        "SYSLOG_FACILITY=3",
        "BACKFILL_AT=2013-02-08T06:00:00.250Z",
        "BACKFILL_EVENT=date-done",
        "BACKFILL_WINDOW=flights",
        "BACKFILL_DATE=2013-02-08",
        "BACKFILL_CHUNK=7",
        "BACKFILL_VERDICT=pass",
      ])
  }

  @Test func `a line of output has the step as its identifier and the attempt as fields`() {
    let entry = JournalEntry(line: Array("12 rows".utf8), isError: false, of: Sample.attempt)
    #expect(
      text(entry) == [
        "MESSAGE=12 rows",
        "PRIORITY=6",
        "SYSLOG_IDENTIFIER=routes",
        "SYSLOG_FACILITY=3",
        "BACKFILL_STREAM=stdout",
        "BACKFILL_WINDOW=flights",
        "BACKFILL_DATE=2013-02-08",
        "BACKFILL_STEP=routes",
        "BACKFILL_ATTEMPT=2",
        "BACKFILL_CHUNK=7",
        "BACKFILL_RUN_ID=4f2a",
      ])
  }

  @Test func `a line of standard error says so`() {
    let entry = JournalEntry(line: [], isError: true, of: Sample.attempt)
    #expect(text(entry).contains("BACKFILL_STREAM=stderr"))
  }

  @Test func `bytes that are no text are kept as they are`() {
    let bytes: [UInt8] = [0x00, 0xFF, 0x0A, 0x3D, 0x1B]
    let entry = JournalEntry(line: bytes, isError: false, of: Sample.attempt)
    #expect(entry.fields.first == Array("MESSAGE=".utf8) + bytes)
  }

  @Test func `an empty line is an entry with an empty message`() {
    let entry = JournalEntry(line: [], isError: false, of: Sample.attempt)
    #expect(entry.fields.first == Array("MESSAGE=".utf8))
  }

  @Test func `a value above 48 KiB is cut`() {
    let line = [UInt8](repeating: 0x78, count: 100_000)
    let entry = JournalEntry(line: line, isError: false, of: Sample.attempt)
    #expect(entry.fields.first?.count == "MESSAGE=".utf8.count + 48 * 1024)
  }

  @Test func `libsystemd takes every entry, also one with bytes that are no text`() {
    #expect(JournalEntry(event: Sample.dateDone, at: Sample.instant).send() == 0)
    #expect(JournalEntry(line: [0x00, 0xFF, 0x0A], isError: true, of: Sample.attempt).send() == 0)
  }
}
