import Foundation

/// A window of one step over so many days.
struct WindowFile {
  let name: String
  /// Days since 1970-01-01.
  var start = 14_610
  let dates: Int
  /// Lines of the window besides `dates` and `steps`.
  var lines: [String] = []
  /// Lines of its step besides `command` and `report`.
  var stepLines: [String] = []

  var first: String { Self.date(start) }
  var last: String { Self.date(start + dates - 1) }

  /// `YYYY-MM-DD` of so many days since 1970-01-01.
  static func date(_ days: Int) -> String {
    Date(timeIntervalSince1970: Double(days) * 86_400).formatted(.iso8601.year().month().day())
  }

  var text: String {
    let step = ["command: [/bin/true]", "report: {from: none}"] + stepLines
    let all = ["dates: {from: \(first), to: \(last)}"] + lines + ["steps:", "  only:"] + step.map { "    " + $0 }
    return all.joined(separator: "\n") + "\n"
  }
}
