/// Why a line is no JSON, where that can be said.
public enum NotJSON {
  /// Names a number that JSON does not have and other programs write, with its key: `NaN`, `Infinity`, `inf`.
  ///
  /// - Parameter line: What a JSON reader refused.
  /// - Returns: A sentence; `nil` where it is something else.
  public static func reason(_ line: [UInt8]) -> String? {
    var rest = line[...]
    var text: ArraySlice<UInt8>?
    var key: ArraySlice<UInt8>?
    while let byte = rest.first {
      switch byte {
      case UInt8(ascii: "\""):
        text = takeText(&rest)
      case UInt8(ascii: ":"):
        key = text
        rest.removeFirst()
      case _ where isLetter(byte):
        let word = String(decoding: rest.prefix(while: isLetter), as: UTF8.self)
        rest = rest.drop(while: isLetter)
        guard ["nan", "inf", "infinity"].contains(word.lowercased()) else { continue }
        let name = key.map { "\(JudgeFault.quoted(String(decoding: $0, as: UTF8.self))) is " } ?? ""
        return "\(name)\(word), which is no number of JSON"
      default:
        rest.removeFirst()
      }
    }
    return nil
  }

  /// What stands between two quotation marks, escapes as they are.
  private static func takeText(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let whole = rest.dropFirst()
    rest = whole
    while let byte = rest.first, byte != UInt8(ascii: "\"") {
      rest = rest.dropFirst(byte == UInt8(ascii: "\\") ? 2 : 1)
    }
    let text = whole[..<rest.startIndex]
    rest = rest.dropFirst()
    return text
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
