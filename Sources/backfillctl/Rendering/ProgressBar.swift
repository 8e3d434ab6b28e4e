/// How much of long work is done.
enum ProgressBar {
  /// A bar of `width` columns; never full before everything is done, never empty after something is.
  static func bar(_ done: Int, of total: Int, width: Int, style: Style) -> String {
    guard total > 0, width > 0 else { return "" }
    var filled = done * width / total
    if done > 0, filled == 0 { filled = 1 }
    if done < total, filled == width { filled = width - 1 }
    let full = String(repeating: style.isUnicode ? "█" : "#", count: filled)
    let empty = String(repeating: style.isUnicode ? "░" : "-", count: width - filled)
    return style.paint(full, .green) + style.paint(empty, .dim)
  }
}
