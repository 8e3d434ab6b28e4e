/// One item of an OnCalendar field: `5`, `1..5`, `0/15`, `8..18/2`. Source: systemd.time(7), "Calendar Events".
struct CalendarComponent: Sendable, Hashable {
  let start: Int
  /// The last value at most; `nil`: without a step only `start`, with a step up to the end of the field.
  let stop: Int?
  /// 0: no repetition.
  let step: Int

  /// Makes the item in its regular form: a range ends on a value that it names, a range of one value is that value.
  init(start: Int, stop: Int?, step: Int) {
    self.start = start
    let last = stop.map { $0 > start && step > 0 ? $0 - ($0 - start) % step : $0 }
    if last == start {
      self.stop = nil
      self.step = 0
    } else {
      self.stop = last
      self.step = step
    }
  }

  /// A single value.
  init(_ value: Int) {
    self.init(start: value, stop: nil, step: 0)
  }

  /// The smallest value this item names that is at least `value`; `upper` is the end of the field.
  func first(from value: Int, upTo upper: Int) -> Int? {
    guard value > start else { return start }
    guard step > 0 else { return nil }
    let found = start + (value - start + step - 1) / step * step
    return found <= stop ?? upper ? found : nil
  }

  /// Bits of the values of this item, in a field that ends at `upper`, at most 63.
  func bits(upTo upper: Int) -> UInt64 {
    stride(from: start, through: step == 0 ? start : stop ?? upper, by: max(step, 1))
      .reduce(0) { $0 | 1 << UInt64($1) }
  }

  /// As `bits(upTo:)`, for days counted from the end of the month: a repetition runs toward 1, the last day.
  var bitsFromMonthEnd: UInt64 {
    guard step > 0 else { return 1 << UInt64(start) }
    let (first, last) = stop.map { ($0, start) } ?? (start, 1)
    return stride(from: first, through: last, by: -step).reduce(0) { $0 | 1 << UInt64($1) }
  }
}

extension Sequence<CalendarComponent> {
  /// Ascending, each item once: the order in which they are printed and compared.
  var inOrder: [CalendarComponent] {
    Set(self).sorted { ($0.start, $0.stop ?? -1, $0.step) < ($1.start, $1.stop ?? -1, $1.step) }
  }
}

/// A field of an OnCalendar expression that holds a list of components.
enum CalendarField: Sendable {
  case year, month, day, dayFromMonthEnd, hour, minute, microsecond

  var name: String {
    switch self {
    case .year: "year"
    case .month: "month"
    case .day, .dayFromMonthEnd: "day"
    case .hour: "hour"
    case .minute: "minute"
    case .microsecond: "second"
    }
  }

  /// A day is counted from the end of the month up to 28, so that every month has it.
  var bounds: ClosedRange<Int> {
    switch self {
    case .year: 1970...2199
    case .month: 1...12
    case .day: 1...31
    case .dayFromMonthEnd: 1...28
    case .hour: 0...23
    case .minute: 0...59
    case .microsecond: 0...59_999_999
    }
  }

  /// How many of the component's units one written unit is.
  var scale: Int {
    switch self {
    case .microsecond: 1_000_000
    default: 1
    }
  }

  /// How many digits a value has at least when printed.
  var width: Int {
    switch self {
    case .year: 4
    default: 2
    }
  }
}
