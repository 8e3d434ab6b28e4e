import BackfillCore
import Testing

@Suite("Cron expressions") struct CronExpressionTests {
  @Test(arguments: [
    ("0 1 * * *", "0 1 * * *"), ("@yearly", "0 0 1 1 *"), ("@annually", "0 0 1 1 *"), ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"), ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@hourly", "0 * * * *"),
    ("\t 08 08  08\t08 *", "8 8 8 8 *"), ("3,1,2 * * * *", "1-3 * * * *"), ("1,2 * * * *", "1,2 * * * *"),
    ("0,15,30,45 * * * *", "0-45/15 * * * *"), ("*/61 * * * *", "*/60 * * * *"), ("*/1 * * * *", "* * * * *"),
    ("0-59 * * * *", "0-59 * * * *"), ("*/20,7,8 * * * *", "*/20,7,8 * * * *"), ("*/20,40 * * * *", "*/20 * * * *"),
    ("0 0 * jan,MAR-May Mon-fri", "0 0 * 1,3-5 1-5"), ("0 0 * * fri-sun", "0 0 * * 0,5,6"),
    ("0 0 * * 7", "0 0 * * 0"), ("0 0 * * 0-7", "0 0 * * 0-6"), ("0 0 * * */7", "0 0 * * */7"),
    ("5-5 * * * *", "5 * * * *"), ("0 9-17/4 * * *", "0 9-17/4 * * *"), ("0 9-18/4 * * *", "0 9-17/4 * * *"),
  ])
  func `an expression has one canonical text`(_ text: String, _ canonical: String) throws {
    #expect(try CalendarExpression.parse(text).description == canonical)
  }

  @Test func `a star and the full range are told apart`() throws {
    #expect(try CronExpression.parse("* * * * *") != CronExpression.parse("0-59 * * * *"))
  }

  @Test func `four thousand generated expressions read the same after printing`() throws {
    var random = FixedRandom(seed: 1)
    var read = 0
    for _ in 0..<4000 {
      let text = CronGenerator.expression(&random)
      guard let expression = CronGenerator.accepted(text) else { continue }
      read += 1
      let canonical = expression.description
      #expect(try CronExpression.parse(canonical) == expression, "\(text)")
      #expect(try CronExpression.parse(canonical).description == canonical, "\(text)")
    }
    #expect(read > 3000)
  }

  @Test func `any text is read or refused at a place inside it`() {
    var random = FixedRandom(seed: 2)
    let alphabet = Array("0123456789*/-,@ \t?LW#~%sunjamé\u{1F600}\n")
    for _ in 0..<50_000 {
      let text = String(
        (0..<Int.random(in: 0...24, using: &random)).map { _ in
          alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        })
      do {
        _ = try CronExpression.parse(text)
      } catch {
        #expect((0...text.count).contains(error.position) && !error.message.isEmpty, "`\(text)`")
      }
    }
  }

  @Test(arguments: ["UTC", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"])
  func `generated expressions agree with a scan of every minute`(_ name: String) throws {
    let zone = try SystemZones.zone(name)
    var random = FixedRandom(seed: 3)
    for _ in 0..<60 {
      let text = CronGenerator.frequent(&random)
      let expression = try CronExpression.parse(text)
      let base = Int64.random(in: 1_700_000_000...1_800_000_000, using: &random)
      let found = CronGenerator.fires(of: expression, after: base, days: 4, in: zone)
      #expect(found == CronScan(text).fires(after: base, days: 4, in: zone), "`\(text)` after \(base)")
    }
  }

  @Test func `29 February on a Sunday is found decades away`() throws {
    let expression = try CronExpression.parse("0 0 29 2 */7")
    let base = try #require(Instant(iso: "2088-02-29T00:00:00Z"))
    #expect(expression.next(after: base, in: .utc) == Instant(iso: "2128-02-29T00:00:00Z"))
  }

  @Test func `nothing is named from the year 2200 on`() throws {
    let expression = try CronExpression.parse("0 0 1 1 *")
    let base = try #require(Instant(iso: "2199-01-01T00:00:00Z"))
    #expect(expression.next(after: base, in: .utc) == nil)
  }

  @Test func `the last minute before the year 2200 is named`() throws {
    let base = try #require(Instant(iso: "2199-12-31T23:58:30Z"))
    #expect(try CronExpression.parse("* * * * *").next(after: base, in: .utc) == Instant(iso: "2199-12-31T23:59:00Z"))
  }

  @Test func `a fraction of a second after a firing the next one is named`() throws {
    let base = try #require(Instant(iso: "2026-01-01T00:00:00.001Z"))
    #expect(try CronExpression.parse("* * * * *").next(after: base, in: .utc) == Instant(iso: "2026-01-01T00:01:00Z"))
  }

  @Test func `a fraction of a second before a firing that one is named`() throws {
    let base = try #require(Instant(iso: "2025-12-31T23:59:59.999Z"))
    #expect(try CronExpression.parse("* * * * *").next(after: base, in: .utc) == Instant(iso: "2026-01-01T00:00:00Z"))
  }

  @Test func `instants before 1970 are named too`() throws {
    let base = try #require(Instant(iso: "1969-12-30T12:00:00Z"))
    #expect(try CronExpression.parse("0 1 * * *").next(after: base, in: .utc) == Instant(iso: "1969-12-31T01:00:00Z"))
  }
}
