/// Columns of text, two spaces between them; the last column takes what is left of the width.
struct Table {
  struct Cell {
    let text: String
    let colour: Style.Colour?

    init(_ text: String, _ colour: Style.Colour? = nil) {
      self.text = Text.printable(text)
      self.colour = colour
    }
  }

  enum Row {
    case cells([Cell])
    /// A line that keeps to no column.
    case line(String, Style.Colour?)
  }

  private let header: [String]
  /// The columns whose text stands at the right edge.
  private let rightAligned: Set<Int>
  private var rows: [Row] = []

  init(_ header: [String], rightAligned: Set<Int> = []) {
    self.header = header
    self.rightAligned = rightAligned
  }

  mutating func add(_ cells: [Cell]) {
    rows.append(.cells(cells))
  }

  mutating func add(line: String, _ colour: Style.Colour? = nil) {
    rows.append(.line(line, colour))
  }

  /// The lines, header first, none longer than `width`.
  func lines(width: Int, style: Style) -> [String] {
    let widths = header.indices.map { column in
      rows.reduce(Text.columns(of: header[column])) { widest, row in
        guard case .cells(let cells) = row else { return widest }
        return max(widest, Text.columns(of: cells[column].text))
      }
    }
    let title = header.map { Cell($0, .bold) }
    return ([.cells(title)] + rows).map { row in
      switch row {
      case .line(let text, let colour): style.paint(Text.cut(text, to: width), colour)
      case .cells(let cells): line(cells, widths, width: width, style)
      }
    }
  }

  private func line(_ cells: [Cell], _ widths: [Int], width: Int, _ style: Style) -> String {
    var text = ""
    var used = 0
    let last = cells.lastIndex { !$0.text.isEmpty } ?? 0
    for (column, cell) in cells.enumerated() where column <= last {
      let room = column == cells.count - 1 ? max(0, width - used) : widths[column]
      let shown = Text.cut(cell.text, to: room)
      let filler = String(repeating: " ", count: max(0, widths[column] - Text.columns(of: shown)))
      let isRight = rightAligned.contains(column)
      text += (isRight ? filler : "") + style.paint(shown, cell.colour)
      if column < last { text += (isRight ? "" : filler) + "  " }
      used += widths[column] + 2
    }
    return text
  }
}
