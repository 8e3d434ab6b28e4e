/// Which field of a cron expression: its name, its bounds and the words it takes.
enum CronFieldKind: Int, CaseIterable, Sendable {
  case minute, hour, dayOfMonth, month, dayOfWeek

  var name: String {
    switch self {
    case .minute: "minute"
    case .hour: "hour"
    case .dayOfMonth: "day of month"
    case .month: "month"
    case .dayOfWeek: "day of week"
    }
  }

  /// The numbers that may be written; 7 is Sunday too.
  var bounds: ClosedRange<Int> {
    switch self {
    case .minute: 0...59
    case .hour: 0...23
    case .dayOfMonth: 1...31
    case .month: 1...12
    case .dayOfWeek: 0...7
    }
  }

  /// The words that may be written for the numbers from the lower bound on.
  var words: [String] {
    switch self {
    case .minute, .hour, .dayOfMonth: []
    case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    case .dayOfWeek: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    }
  }

  /// The bits of `first`, `first + step`, ... up to `last`; Sunday as 0.
  func values(from first: Int, through last: Int, step: Int) -> UInt64 {
    var values: UInt64 = 0
    for value in stride(from: first, through: last, by: step) {
      values |= 1 << UInt64(self == .dayOfWeek ? value % 7 : value)
    }
    return values
  }

  /// The bits of `*/step`.
  func values(everyStep step: Int) -> UInt64 {
    values(from: bounds.lowerBound, through: bounds.upperBound, step: step)
  }
}
