import BackfillControl
import BackfillCore

/// Shows the status again and again: in place on a terminal, as a line for each change elsewhere.
struct StatusWatch {
  let daemon: DaemonOptions
  let window: String?

  /// Ends only by an error: a window that does not exist, whatever goes wrong the first time.
  ///
  /// A daemon that goes away later is waited for: it may be starting again.
  func run() async throws {
    var previous: [String] = []
    var isFirst = true
    while true {
      let lines: [String]
      do {
        lines = try await look()
      } catch {
        guard error.status != .notFound, !isFirst else { throw error }
        lines = Text.wrapped(error.message, width: Console.width)
      }
      isFirst = false
      if Console.isTerminal {
        try redraw(lines, over: previous.count)
        previous = fitting(lines)
      } else if lines != previous {
        try Console.print(lines.filter { !previous.contains($0) })
        previous = lines
      }
      try await Task.sleep(for: .seconds(1))
    }
  }

  private func look() async throws(CommandFailure) -> [String] {
    let status = try await daemon.ask { client throws(ControlFailure) in try await client.status(of: window) }
    guard Console.isTerminal else { return StatusRendering.changes(status) }
    return StatusRendering.lines(status, held: try await daemon.heldDates(of: status), in: Console.surroundings())
  }

  /// Goes up to where the last picture began and clears from there. Source: ECMA-48, CUU and ED.
  private func redraw(_ lines: [String], over count: Int) throws(CommandFailure) {
    let up = count > 0 ? "\u{1B}[\(count)A" : ""
    try Console.write("\(up)\r\u{1B}[J" + fitting(lines).map { $0 + "\n" }.joined())
  }

  /// What the terminal has rows for, so that going up reaches the first line.
  private func fitting(_ lines: [String]) -> [String] {
    let rows = Console.rows
    guard rows > 1, lines.count > rows - 1 else { return lines }
    return Array(lines.prefix(rows - 1))
  }
}
