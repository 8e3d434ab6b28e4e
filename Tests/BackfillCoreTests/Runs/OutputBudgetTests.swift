import BackfillCore
import Testing

struct OutputBudgetTests {
  private static let begin = Instant(seconds: 1_360_303_200)

  private let limits = OutputBudget.Limits(lines: 3, bytes: 10, allLines: 5, allBytes: 16)

  /// What becomes of lines of the given sizes at the given seconds: `+` taken, `-` left, and what is told, as `2/7`.
  private func story(_ lines: [(size: Int, second: Int64)]) -> String {
    var budget = OutputBudget(limits)
    var words = lines.map { line in
      let (isTaken, told) = budget.take(line.size, at: Self.begin + .seconds(line.second))
      return (told.map { "\($0.lines)/\($0.bytes) " } ?? "") + (isTaken ? "+" : "-")
    }
    if let told = budget.end() { words.append("\(told.lines)/\(told.bytes)") }
    return words.joined(separator: " ")
  }

  @Test func `what stays within the budget is taken, and nothing is told`() {
    #expect(story([(1, 0), (2, 1), (7, 2)]) == "+ + +")
  }

  @Test func `more lines in a minute are left out and told at the end`() {
    #expect(story([(1, 0), (1, 0), (1, 0), (1, 0), (2, 59)]) == "+ + + - - 2/3")
  }

  @Test func `more bytes in a minute are left out, and with them the short lines after them`() {
    #expect(story([(9, 0), (2, 0), (1, 0)]) == "+ - - 2/3")
  }

  @Test func `the next minute has a budget of its own, and tells what was left out in the one before`() {
    #expect(story([(1, 0), (1, 0), (1, 0), (5, 0), (1, 60)]) == "+ + + - 1/5 +")
  }

  @Test func `in all, an execution has so many lines`() {
    #expect(story([(1, 0), (1, 0), (1, 0), (1, 60), (1, 60), (1, 60), (1, 120)]) == "+ + + + + - 1/1 - 1/1")
  }

  @Test func `in all, an execution has so many bytes`() {
    #expect(story([(10, 0), (6, 60), (1, 120)]) == "+ + - 1/1")
  }

  @Test func `a clock that was put back begins a minute`() {
    #expect(story([(1, 100), (1, 100), (1, 100), (1, 100), (1, 5)]) == "+ + + - 1/1 +")
  }

  @Test func `the usual budget is 5,000 lines or 1 MiB of a minute, 50,000 lines or 16 MiB of an execution`() {
    let limits = OutputBudget.Limits()
    #expect([limits.lines, limits.bytes, limits.allLines, limits.allBytes] == [5000, 1 << 20, 50_000, 16 << 20])
  }
}
