import BackfillCore

/// Reads the text of a report: one JSON object. Top-level keys that are not a report's are ignored; `null` is no value.
///
/// Whole numbers may be written with a fraction of zeros (`30.0`) or an exponent. Counts below zero can be read: what they
/// contradict is for the judge.
enum ReportText {
  /// What `bytes` say; `.report` or `.unreadable`.
  static func reading(of bytes: [UInt8]) -> ReportReading {
    do throws(ReportProblem) {
      return .report(try report(bytes))
    } catch {
      return .unreadable(error.sentence.onOneLine)
    }
  }

  private struct ReportProblem: Error {
    let sentence: String
  }

  private static func report(_ bytes: [UInt8]) throws(ReportProblem) -> Report {
    let value: JSONValue
    do throws(JSONProblem) {
      value = try JSONReader.read(bytes)
    } catch {
      throw ReportProblem(
        sentence: "report is not JSON: \(error.words) at line \(error.line), column \(error.column)")
    }
    guard case .object(let members) = value else {
      throw ReportProblem(sentence: "report must be a JSON object, found \(value.quoted)")
    }
    var facts: [String: JSONValue] = [:]
    for member in members where facts.updateValue(member.value, forKey: member.name) != nil {
      throw ReportProblem(sentence: "`\(member.name)` is in the report twice")
    }
    return Report(
      attempted: try whole(facts["attempted"], "attempted"),
      records: try whole(facts["records"], "records"),
      failures: try map(facts["failures"], "failures") { value, name throws(ReportProblem) in
        guard let count = try whole(value, name) else { throw notWhole(.null, name) }
        return count
      },
      metrics: try map(facts["metrics"], "metrics", number),
      message: try text(facts["message"], "message"))
  }

  /// `nil` when there is no value.
  private static func whole(_ value: JSONValue?, _ name: String) throws(ReportProblem) -> Int? {
    guard let value, value != .null else { return nil }
    guard case .number(let text) = value else { throw notWhole(value, name) }
    if let number = Int(text) { return number }
    // Without a fraction or an exponent it is whole, so it is too large.
    guard text.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }) else {
      throw ReportProblem(sentence: "`\(name)` does not fit into 64 bits, found \(value.quoted)")
    }
    guard let number = Double(text), number.isFinite, number.rounded() == number else { throw notWhole(value, name) }
    guard let whole = Int(exactly: number) else {
      throw ReportProblem(sentence: "`\(name)` does not fit into 64 bits, found \(value.quoted)")
    }
    return whole
  }

  private static func notWhole(_ value: JSONValue, _ name: String) -> ReportProblem {
    ReportProblem(sentence: "`\(name)` must be a whole number, found \(value.quoted)")
  }

  private static func number(_ value: JSONValue, _ name: String) throws(ReportProblem) -> Double {
    guard case .number(let text) = value, let number = Double(text), number.isFinite else {
      throw ReportProblem(sentence: "`\(name)` must be a number, found \(value.quoted)")
    }
    return number
  }

  private static func text(_ value: JSONValue?, _ name: String) throws(ReportProblem) -> String? {
    guard let value, value != .null else { return nil }
    guard case .text(let text) = value else {
      throw ReportProblem(sentence: "`\(name)` must be a text, found \(value.quoted)")
    }
    return text
  }

  private static func map<Value>(
    _ value: JSONValue?, _ name: String, _ read: (JSONValue, String) throws(ReportProblem) -> Value
  ) throws(ReportProblem) -> [String: Value] {
    guard let value, value != .null else { return [:] }
    guard case .object(let members) = value else {
      throw ReportProblem(sentence: "`\(name)` must be an object, found \(value.quoted)")
    }
    var result: [String: Value] = [:]
    for member in members {
      let path = "\(name).\(member.name)"
      guard result.updateValue(try read(member.value, path), forKey: member.name) == nil else {
        throw ReportProblem(sentence: "`\(path)` is in the report twice")
      }
    }
    return result
  }
}
