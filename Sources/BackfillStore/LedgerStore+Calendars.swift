import BackfillCore
import GRDB

extension LedgerStore {
  public func keep(_ calendar: CommandCalendar, of window: String) async throws(LedgerFailure) {
    let command = try Coding.text(of: calendar.command)
    let counts: [String: Int?] = Dictionary(
      uniqueKeysWithValues: calendar.dates.map { ($0.key.description, $0.value.count) })
    let dates = try Coding.text(of: counts)
    try await write { db in
      try Self.requireWindow(window, db)
      try db.run(
        """
        INSERT INTO calendars (window, command, dates) VALUES (?, ?, ?)
        ON CONFLICT (window) DO UPDATE SET command = excluded.command, dates = excluded.dates
        """,
        [window, command, dates])
    }
  }

  static func calendars(_ db: Database) throws -> [String: CommandCalendar] {
    var calendars: [String: CommandCalendar] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT window, command, dates FROM calendars") {
      var dates: [CivilDate: ListedDate] = [:]
      for (date, count) in try Coding.value([String: Int?].self, from: row[2]) {
        dates[try Coding.date(date)] = ListedDate(count: count)
      }
      calendars[row[0]] = CommandCalendar(command: try Coding.value([String].self, from: row[1]), dates: dates)
    }
    return calendars
  }
}
