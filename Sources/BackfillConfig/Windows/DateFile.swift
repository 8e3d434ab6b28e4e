import BackfillCore

/// A calendar file: one `DATE` or `DATE,COUNT` a line.
///
/// Empty lines and what follows a `#` are left out, and so is a first line `date` or `date,count`.
public enum DateFile {
  /// Reads the file at `path`; `nil` when it has findings.
  static func read(_ path: String) -> (dates: [CivilDate: ListedDate]?, findings: [ConfigFinding]) {
    let (contents, findings) = contents(of: path)
    return (findings.isEmpty ? contents.dates : nil, findings)
  }

  /// The line, counted from 1, of each date that the file at `path` lists, and what is wrong in other lines; counts are
  /// checked and left out.
  public static func lines(of path: String) -> (lines: [CivilDate: Int], findings: [ConfigFinding]) {
    let (contents, findings) = contents(of: path)
    return (contents.lines, findings)
  }

  fileprivate typealias Contents = (dates: [CivilDate: ListedDate], lines: [CivilDate: Int])

  private static func contents(of path: String) -> (Contents, findings: [ConfigFinding]) {
    let findings = FindingList(file: path)
    do {
      let contents = contents(in: try FileText.read(path), findings: findings)
      if contents.dates.isEmpty, findings.isEmpty { findings.add("the file lists no dates", at: .start) }
      return (contents, findings.sorted)
    } catch {
      findings.add(error.message, at: error.position, hint: error.hint)
      return (([:], [:]), findings.sorted)
    }
  }

  fileprivate static func contents(in text: String, findings: FindingList) -> Contents {
    var dates: [CivilDate: ListedDate] = [:]
    var lineOf: [CivilDate: Int] = [:]
    var mayBeHeader = true
    // "\r\n" is one Character, so lines are split at scalars.
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, scalars) in lines.enumerated() {
      let line = DateLine(String(scalars), number: index + 1)
      guard !line.fields.isEmpty else { continue }
      let isHeader = mayBeHeader && line.isHeader
      mayBeHeader = false
      guard !isHeader, let (date, entry) = line.entry(findings: findings) else { continue }
      if let first = lineOf[date] {
        findings.add("`\(date)` is listed twice, first on line \(first)", at: line.fields[0].position)
      } else {
        lineOf[date] = index + 1
        dates[date] = entry
      }
    }
    return (dates, lineOf)
  }
}

/// Reads what the command of `dates.from_command` printed: the same lines as a calendar file.
public enum CalendarOutput {
  /// The findings name the file `output`.
  public static func reading(of bytes: [UInt8]) -> CalendarReading {
    let findings = FindingList(file: "output")
    do {
      let dates = DateFile.contents(in: try UTF8Text.text(of: bytes), findings: findings).dates
      if findings.isEmpty { return .dates(dates) }
    } catch {
      findings.add(error.message, at: error.position, hint: error.hint)
    }
    return .unreadable(findings.sorted.map(\.description))
  }
}

/// One line of a calendar file, split at its commas.
private struct DateLine {
  let fields: [(text: String, position: Position)]

  init(_ line: String, number: Int) {
    let body = Array(line.unicodeScalars.prefix { $0 != "#" })
    guard body.contains(where: { !$0.properties.isWhitespace }) else {
      fields = []
      return
    }
    var fields: [(text: String, position: Position)] = []
    var start = 0
    for part in body.split(separator: ",", omittingEmptySubsequences: false) {
      let blanks = part.prefix { $0.properties.isWhitespace }.count
      var text = String.UnicodeScalarView(part.dropFirst(blanks))
      while text.last?.properties.isWhitespace ?? false { text.removeLast() }
      fields.append((String(text), Position(line: number, column: start + blanks + 1)))
      start += part.count + 1
    }
    self.fields = fields
  }

  var isHeader: Bool {
    let words = fields.map { $0.text.lowercased() }
    return words == ["date"] || words == ["date", "count"]
  }

  func entry(findings: FindingList) -> (CivilDate, ListedDate)? {
    guard fields.count <= 2 else {
      findings.add("a line must be `DATE` or `DATE,COUNT`, found \(fields.count) values", at: fields[2].position)
      return nil
    }
    guard let date = CivilDate(iso: fields[0].text) else {
      if let hint = DateText.missingDay(fields[0].text) {
        findings.add("\(quoted(fields[0].text)) is a date that does not exist", at: fields[0].position, hint: hint)
      } else {
        findings.add(
          "not a date: \(quoted(fields[0].text))", at: fields[0].position,
          hint: "write YYYY-MM-DD, such as `2021-10-19`")
      }
      return nil
    }
    guard fields.count == 2 else { return (date, ListedDate()) }
    guard let count = WholeNumber.value(of: fields[1].text) else {
      findings.add("COUNT must be a whole number, found \(quoted(fields[1].text))", at: fields[1].position)
      return nil
    }
    return (date, ListedDate(count: count))
  }
}
