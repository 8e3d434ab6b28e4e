import BackfillCore

@testable import BackfillConfig

/// A calendar file of `DATE` or `DATE,COUNT` lines, and the same as the output of a command.
enum DateFileTarget {
  private static let file = "\(InputFolder.path)/dates.csv"

  static func run(_ input: [UInt8]) {
    InputFolder.write(input, to: file)
    let (dates, findings) = DateFile.read(file)
    check((dates == nil) == !findings.isEmpty, "a file has dates or findings, one of them")
    check(dates.map { !$0.isEmpty } ?? true, "a file without dates has a finding")
    findings.examine(in: input)
    // What a command prints is read by the same rules, and may be empty.
    switch CalendarOutput.reading(of: input) {
    case .dates(let printed): check(dates.map { $0 == printed } ?? printed.isEmpty, "a file and a command differ")
    case .unreadable(let words): check(dates == nil && words.allSatisfy(\.isOneLine), "\(words)")
    }
  }
}
