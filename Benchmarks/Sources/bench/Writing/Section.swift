/// What one benchmark has to say: a heading, what the figures mean, a table.
struct Section {
  let title: String
  /// Whole paragraphs of Markdown.
  let text: String
  let head: [String]
  let rows: [[String]]

  var markdown: String {
    "## \(title)\n\n\(text)\n\n\(Self.table(head: head, rows: rows))"
  }

  /// A Markdown table with columns that line up.
  static func table(head: [String], rows: [[String]]) -> String {
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    let line = { (cells: [String]) in
      "| " + zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: " | ")
        + " |"
    }
    let rule = "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|"
    return ([line(head), rule] + rows.map(line)).joined(separator: "\n")
  }
}
