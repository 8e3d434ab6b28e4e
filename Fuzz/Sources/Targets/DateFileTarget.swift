@testable import BackfillConfig

/// A calendar file of `DATE` or `DATE,COUNT` lines.
enum DateFileTarget {
  private static let file = "\(InputFolder.path)/dates.csv"

  static func run(_ input: [UInt8]) {
    InputFolder.write(input, to: file)
    let (dates, findings) = DateFile.read(file)
    check((dates == nil) == !findings.isEmpty, "a file has dates or findings, one of them")
    check(dates.map { !$0.isEmpty } ?? true, "a file without dates has a finding")
    findings.examine(in: input)
  }
}
