import BackfillCore
import CSystemd
import Glibc

/// One entry for the journal, as its native protocol takes it. Source: sd_journal_send(3), systemd.journal-fields(7).
struct JournalEntry: Equatable {
  /// Longer values are cut, in bytes.
  static let valueLimit = 48 * 1024

  /// Each is `NAME=value`; the value may hold any bytes, line feeds and zeros too.
  private(set) var fields: [[UInt8]] = []

  /// The entry of an event that was committed at `instant`.
  init(event: JournalEvent, at instant: Instant) {
    append("MESSAGE", event.message)
    append("PRIORITY", String(event.priority.rawValue))
    append("MESSAGE_ID", event.messageID)
    append("SYSLOG_IDENTIFIER", "backfilld")
    append("SYSLOG_FACILITY", Self.daemonFacility)
    append("BACKFILL_AT", instant.description)
    for field in event.fields { append(field.name, field.value) }
  }

  /// The entry of one line of a step's output.
  init(line: [UInt8], isError: Bool, of attempt: AttemptIdentity) {
    append("MESSAGE", line)
    append("PRIORITY", String(JournalPriority.info.rawValue))
    append("SYSLOG_IDENTIFIER", attempt.step)
    append("SYSLOG_FACILITY", Self.daemonFacility)
    append("BACKFILL_STREAM", isError ? "stderr" : "stdout")
    for field in attempt.fields { append(field.name, field.value) }
  }

  /// Hands the entry to journald. Returns 0, also when there is no journald, or an errno.
  func send() -> Int32 {
    var bytes = fields.flatMap { $0 }
    return bytes.withUnsafeMutableBytes { buffer in
      var offset = 0
      let parts = fields.map { field in
        defer { offset += field.count }
        return iovec(iov_base: buffer.baseAddress?.advanced(by: offset), iov_len: field.count)
      }
      return -min(0, sd_journal_sendv(parts, Int32(parts.count)))
    }
  }

  /// `LOG_DAEMON`. Source: syslog(3).
  private static let daemonFacility = "3"

  private mutating func append(_ name: String, _ value: String) {
    append(name, Array(value.utf8))
  }

  private mutating func append(_ name: String, _ value: [UInt8]) {
    fields.append(Array(name.utf8) + [UInt8(ascii: "=")] + value.prefix(Self.valueLimit))
  }
}
