import Testing

@testable import BackfillCore

/// What is proposed in place of something that cron does not take.
@Suite struct CronHintTests {
  private static let fields = CronFieldKind.allCases

  /// The field `kind` as `item`, in an expression that is every minute otherwise.
  private func expression(_ item: String, in kind: CronFieldKind) -> String {
    Self.fields.map { $0 == kind ? item : "*" }.joined(separator: " ")
  }

  private func values(_ item: String, in kind: CronFieldKind) throws -> UInt64 {
    let read = try CronExpression.parse(expression(item, in: kind))
    let fields = [read.minutes, read.hours, read.daysOfMonth, read.months, read.daysOfWeek]
    return fields[kind.rawValue].values
  }

  /// The first text between backticks of the hint that `item` is refused with.
  private func proposal(for item: String, in kind: CronFieldKind) throws -> String {
    let text = expression(item, in: kind)
    let error = try #require(throws: CalendarSyntaxError.self) { try CronExpression.parse(text) }
    let parts = try #require(error.hint).split(separator: "`", omittingEmptySubsequences: false)
    return String(try #require(parts.count > 2 ? parts[1] : nil))
  }

  /// From `low` on in steps, round the end of the field once, up to `high`.
  private func wrapped(_ low: Int, _ high: Int, _ step: Int, _ kind: CronFieldKind) -> UInt64 {
    let first = kind.bounds.lowerBound
    let period = kind == .dayOfWeek ? 7 : kind.bounds.count
    let start = kind == .dayOfWeek ? low % 7 : low
    let end = high < start ? high + period : high
    return stride(from: start, through: end, by: step).reduce(0) {
      $0 | 1 << UInt64(first + ($1 - first) % period)
    }
  }

  @Test(arguments: CronFieldKind.allCases)
  func `a range that runs backwards is proposed as one that goes round, with its step`(_ kind: CronFieldKind) throws {
    for low in kind.bounds {
      for high in kind.bounds.lowerBound..<low {
        for step in [1, 2, 3, 5, 7, 30, 100] {
          let item = step == 1 ? "\(low)-\(high)" : "\(low)-\(high)/\(step)"
          let proposed = try proposal(for: item, in: kind)
          if try values(proposed, in: kind) != wrapped(low, high, step, kind) {
            Issue.record("\(kind): `\(item)` is proposed as `\(proposed)`")
          }
        }
      }
    }
  }

  @Test(arguments: CronFieldKind.allCases)
  func `a step without a range is proposed up to the end of the field`(_ kind: CronFieldKind) throws {
    for low in kind.bounds {
      for step in [1, 2, 3, 7, 60] {
        let proposed = try proposal(for: "\(low)/\(step)", in: kind)
        let start = kind == .dayOfWeek ? low % 7 : low
        let end = kind == .dayOfWeek ? 6 : kind.bounds.upperBound
        if try values(proposed, in: kind) != kind.values(from: start, through: end, step: step) {
          Issue.record("\(kind): `\(low)/\(step)` is proposed as `\(proposed)`")
        }
      }
    }
  }

  @Test(arguments: [
    ("sept", CronFieldKind.month), ("monday", .dayOfWeek), ("mo", .dayOfWeek), ("?", .hour), ("%", .hour),
  ])
  func `a word is proposed that can be read`(_ item: String, _ kind: CronFieldKind) throws {
    let proposed = try proposal(for: item, in: kind)
    #expect(throws: Never.self) { try CronExpression.parse(expression(proposed, in: kind)) }
  }

  @Test(arguments: [("L", CronFieldKind.dayOfMonth), ("5L", .dayOfWeek), ("5#2", .dayOfWeek)])
  func `what only OnCalendar has is proposed as OnCalendar reads it`(_ item: String, _ kind: CronFieldKind) throws {
    let proposed = try proposal(for: item, in: kind)
    #expect(throws: Never.self) { try OnCalendarExpression.parse(proposed) }
  }

  @Test func `a range of weekdays that runs backwards is proposed as two, which mean the same`() throws {
    for low in 1...7 {
      for high in 1..<low {
        let names = [low, high].compactMap { Weekday(rawValue: $0)?.shortName }
        let error = try #require(throws: CalendarSyntaxError.self) {
          try OnCalendarExpression.parse(names.joined(separator: "..") + " 06:00")
        }
        let proposed = try #require(error.hint).split(separator: "`")[1]
        let read = try OnCalendarExpression.parse("\(proposed) 06:00")
        let days = (low...7).map { $0 } + (1...high).map { $0 }
        #expect(read.weekdays == days.reduce(0) { $0 | 1 << UInt64($1 - 1) })
      }
    }
  }
}
