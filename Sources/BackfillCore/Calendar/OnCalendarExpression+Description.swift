extension OnCalendarExpression: CustomStringConvertible {
  /// The normalized form of `systemd-analyze calendar`: `Mon..Fri *-*-* 01:00:00 America/New_York`.
  public var description: String {
    let day = isFromMonthEnd ? "~" : "-"
    let date = "\(text(years, .year))-\(text(months, .month))\(day)\(text(days, .day))"
    let time = "\(text(hours, .hour)):\(text(minutes, .minute)):\(text(microseconds, .microsecond))"
    return [weekdayText, date, time, zoneName ?? abbreviation?.name].compactMap { $0 }.joined(separator: " ")
  }

  /// Two neighbours with a comma, three and more as a range; `nil` for every day.
  private var weekdayText: String? {
    guard weekdays != Self.everyWeekday else { return nil }
    var runs: [[String]] = []
    for weekday in Weekday.allCases where weekdays >> UInt64(weekday.rawValue - 1) & 1 == 1 {
      let isNext = weekday != .monday && weekdays >> UInt64(weekday.rawValue - 2) & 1 == 1
      if isNext, let last = runs.popLast() {
        runs.append(last + [weekday.shortName])
      } else {
        runs.append([weekday.shortName])
      }
    }
    return runs.map { $0.count > 2 ? "\($0[0])..\($0[$0.count - 1])" : $0.joined(separator: ",") }.joined(
      separator: ",")
  }

  private func text(_ components: [CalendarComponent], _ field: CalendarField) -> String {
    if components.isEmpty || components == [CalendarComponent(start: 0, stop: nil, step: 1_000_000)] { return "*" }
    return components.map { component in
      var text = number(component.start, field, width: field.width)
      if let stop = component.stop { text += "..\(number(stop, field, width: field.width))" }
      if component.step > 0, component.stop == nil || component.step != field.scale {
        text += "/\(number(component.step, field, width: 1))"
      }
      return text
    }.joined(separator: ",")
  }

  private func number(_ value: Int, _ field: CalendarField, width: Int) -> String {
    let fraction = value % field.scale
    return padded(value / field.scale, to: width) + (fraction == 0 ? "" : ".\(padded(fraction, to: 6))")
  }
}
