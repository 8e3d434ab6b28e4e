import BackfillCore

/// Finds the report in a step's standard output: the last line that has the looks of a JSON object.
///
/// Such a line, blanks around it left out, begins with `{` and then `"` or `}`, and ends with `}`. Only that line is read: a
/// line that looks like a report and is none must not let an older one count.
struct ReportLine {
  /// Longer lines are not kept: 1 MiB.
  static let limit = 1 << 20

  private var line: [UInt8] = []
  private var isTooLong = false
  private var last = Found.none

  private enum Found {
    case none
    case line([UInt8])
    case tooLong
  }

  /// Takes a line, or a piece of one that goes on.
  mutating func take(_ piece: [UInt8], goesOn: Bool) {
    if line.isEmpty, !isTooLong, !goesOn {
      judge(piece)
      return
    }
    if !isTooLong { line += piece }
    if line.count > Self.limit {
      // Its beginning is enough to know what it would have been.
      isTooLong = true
      line = Array(line.prefix(256))
    }
    guard !goesOn else { return }
    if isTooLong {
      if Self.beginsLikeObject(line[...]) { last = .tooLong }
    } else {
      judge(line)
    }
    line = []
    isTooLong = false
  }

  /// What the line says, after the stream has ended.
  var reading: ReportReading {
    switch last {
    case .none: .missing("no line of the step's standard output is a JSON object")
    case .tooLong: .unreadable("the report in the output is longer than 1 MiB; at most 1 MiB of a line is read")
    case .line(let bytes): ReportText.reading(of: bytes)
    }
  }

  private mutating func judge(_ bytes: [UInt8]) {
    guard Self.beginsLikeObject(bytes[...]),
      let end = bytes.last(where: { !Self.isBlank($0) }), end == UInt8(ascii: "}")
    else { return }
    last = .line(bytes)
  }

  private static func beginsLikeObject(_ bytes: ArraySlice<UInt8>) -> Bool {
    let text = bytes.drop(while: isBlank)
    guard text.first == UInt8(ascii: "{") else { return false }
    let next = text.dropFirst().first { !isBlank($0) }
    return next == UInt8(ascii: "\"") || next == UInt8(ascii: "}")
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}
