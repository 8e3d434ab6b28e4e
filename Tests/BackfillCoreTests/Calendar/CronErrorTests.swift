import BackfillCore
import Testing

@Suite("Cron errors") struct CronErrorTests {
  struct Refused: Sendable, CustomTestStringConvertible {
    let text: String
    let error: CalendarSyntaxError
    var testDescription: String { text }

    init(_ text: String, _ position: Int, _ message: String, _ hint: String? = nil) {
      self.text = text
      error = CalendarSyntaxError(position: position, message: message, hint: hint)
    }
  }

  private static let meaning = "minute, hour, day of month, month, day of week"

  private static func beside(_ zone: String) -> String {
    "the zone stands beside the schedule: `timezone: \(zone)` in a file, `--timezone \(zone)` on a command line"
  }

  static let wholes: [Refused] = [
    Refused("", 0, "the schedule is empty", "`0 1 * * *` is every day at 01:00: \(meaning)"),
    Refused(" \t", 0, "the schedule is empty", "`0 1 * * *` is every day at 01:00: \(meaning)"),
    Refused("*", 1, "1 field where cron has 5: \(meaning)"),
    Refused("* * *", 5, "3 fields where cron has 5: \(meaning)"),
    Refused(
      "* * * * * *", 10, "6 fields where cron has 5: \(meaning)",
      "seconds and years are not supported; a command does not belong here"),
    Refused(
      "0 1 * * * root", 10, "6 fields where cron has 5: \(meaning)",
      "seconds and years are not supported; a command does not belong here"),
    Refused("0 1 * * * Europe/Berlin", 10, "6 fields where cron has 5: \(meaning)", beside("Europe/Berlin")),
    Refused("0 1 * * * UTC", 10, "6 fields where cron has 5: \(meaning)", beside("UTC")),
    Refused(
      "CRON_TZ=Europe/Berlin 0 1 * * *", 0, "`CRON_TZ=Europe/Berlin` is not part of a schedule",
      beside("Europe/Berlin")),
    Refused("TZ= @daily", 0, "`TZ=` is not part of a schedule", beside("ZONE")),
    Refused("@daily UTC", 7, "nothing may follow `@daily`", beside("UTC")),
    Refused("@dayly", 0, "`@dayly` is not a schedule", "did you mean `@daily`?"),
    Refused("0 1 * * * root make", 10, "7 fields where cron has 5: \(meaning)"),
    Refused(
      "@reboot", 0, "`@reboot` names no time",
      "with `missed: once` a firing that was slept through runs at start"),
    Refused("@dailyx", 0, "`@dailyx` is not a schedule", "did you mean `@daily`?"),
    Refused("  @Daily", 2, "`@Daily` is not a schedule", "did you mean `@daily`?"),
    Refused(
      "@noon", 0, "`@noon` is not a schedule",
      "one of `@yearly`, `@annually`, `@monthly`, `@weekly`, `@daily`, `@midnight`, `@hourly`"),
    Refused(
      "@", 0, "`@` is not a schedule",
      "one of `@yearly`, `@annually`, `@monthly`, `@weekly`, `@daily`, `@midnight`, `@hourly`"),
    Refused("@every 5m", 0, "`@every` is not supported", "`*/5 * * * *` is every five minutes"),
    Refused(
      "@\u{85}\u{1B}", 0, "`@\u{FFFD}\u{FFFD}` is not a schedule",
      "one of `@yearly`, `@annually`, `@monthly`, `@weekly`, `@daily`, `@midnight`, `@hourly`"),
    Refused("@daily 5", 7, "nothing may follow `@daily`"),
    Refused("0 0 30 2 *", 4, "never fires: no month of `2` has a day of `30`"),
    Refused("0 0 31 4,6,9,11 *", 4, "never fires: no month of `4,6,9,11` has a day of `31`"),
    Refused("0 0 31 feb */2", 4, "never fires: no month of `feb` has a day of `31`"),
  ]

  static let values: [Refused] = [
    Refused("60 * * * *", 0, "minute: `60` is outside 0-59"),
    Refused("* 24 * * *", 2, "hour: `24` is outside 0-23"),
    Refused("* * 0 * *", 4, "day of month: `0` is outside 1-31"),
    Refused("* * * 1-13 *", 8, "month: `13` is outside 1-12"),
    Refused("* * * * 8", 8, "day of week: `8` is outside 0-7"),
    Refused("99999999999999999999 * * * *", 0, "minute: `99999999999999999999` is outside 0-59"),
    Refused("1, * * * *", 2, "minute: an empty item", "take the comma out"),
    Refused("* ,1 * * *", 2, "hour: an empty item", "take the comma out"),
    Refused("1- * * * *", 2, "minute: a value is missing"),
    Refused("-1 * * * *", 0, "minute: a value is missing"),
    Refused("+5 * * * *", 0, "minute: `+5` is not a value", "write 0-59"),
    Refused("1:30 * * * *", 0, "minute: `1:30` is not a value", "write 0-59"),
    Refused("0\n1 * * * *", 0, "minute: `0\u{FFFD}1` is not a value", "write 0-59"),
    Refused("* * * sept *", 6, "month: `sept` is not a value", "did you mean `sep`?"),
    Refused("* * * * monday", 8, "day of week: `monday` is not a value", "did you mean `mon`?"),
    Refused("* * * * mo", 8, "day of week: `mo` is not a value", "did you mean `mon`?"),
    Refused("0 1 * * é", 8, "day of week: `é` is not a value", "write 0-7 or `sun`...`sat`"),
    Refused("* * mon * *", 4, "day of month: `mon` is not a value", "write 1-31"),
    Refused("** * * * *", 1, "minute: `*` cannot follow `*`", "`*` or `*/STEP`"),
    Refused("*-5 * * * *", 1, "minute: `-` cannot follow `*`", "`*` or `*/STEP`"),
    Refused("*/0 * * * *", 2, "minute: a step is at least 1"),
    Refused("*/ * * * *", 2, "minute: a step is missing after `/`"),
    Refused("1-5/x * * * *", 4, "minute: `x` is not a step"),
    Refused("1-5/2/3 * * * *", 4, "minute: `2/3` is not a step"),
  ]

  static let otherPrograms: [Refused] = [
    Refused("5/15 * * * *", 0, "minute: `5/15` has a step and no range", "write `5-59/15`, or `5` alone"),
    Refused("0 0 * * 1/2", 8, "day of week: `1/2` has a step and no range", "write `1-6/2`, or `1` alone"),
    Refused("0 22-2 * * *", 2, "hour: `22-2` runs backwards", "write `22-23,0-2`"),
    Refused("22-2/2 * * * *", 0, "minute: `22-2/2` runs backwards", "write `22-59/2,0-2/2`"),
    Refused("22-2/3 * * * *", 0, "minute: `22-2/3` runs backwards", "write `22-59/3,1`"),
    Refused("0 0 * * 7-3", 8, "day of week: `7-3` runs backwards", "write `0-3`"),
    Refused("0 0 * * 7/2", 8, "day of week: `7/2` has a step and no range", "write `0-6/2`, or `0` alone"),
    Refused("0 0 5? * *", 5, "day of month: `?` is not supported", "write the values you want"),
    Refused("0 0 * * fri-mon", 8, "day of week: `fri-mon` runs backwards", "write `5-6,0-1`"),
    Refused("0 0 * * 6-0", 8, "day of week: `6-0` runs backwards", "write `6,0`"),
    Refused("0 0 * nov-feb *", 6, "month: `nov-feb` runs backwards", "write `11-12,1-2`"),
    Refused(
      "0 0 L * *", 4, "day of month: `L` is not supported", "OnCalendar has it: `*-*~1` is the last day of a month"),
    Refused(
      "0 0 * * 5L", 9, "day of week: `L` is not supported",
      "OnCalendar has it: `Fri *-*~7/1` is the last Friday of a month"),
    Refused("0 0 15W * *", 6, "day of month: `W` is not supported", "write the days you want"),
    Refused(
      "0 0 * * 5#2", 9, "day of week: `#` is not supported",
      "OnCalendar has it: `Mon *-*-8..14` is the second Monday of a month"),
    Refused("0 0 ? * *", 4, "day of month: `?` is not supported", "write `*`"),
    Refused("0~30 * * * *", 1, "minute: `~` is not supported", "write the time you want"),
    Refused("% * * * *", 0, "minute: `%` is not supported", "write `*` or a value"),
  ]

  @Test(arguments: wholes + values + otherPrograms)
  func `what is wrong is said with its place and what to write instead`(_ refused: Refused) {
    #expect(throws: refused.error) { try CronExpression.parse(refused.text) }
  }
}
