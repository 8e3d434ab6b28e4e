import BackfillCore

/// What a method and a path lead to.
public enum RouteMatch: Sendable, Equatable {
  /// `values` holds the segments that the placeholders of the pattern stand for, and the parameters of the query, decoded.
  case found(ControlRoute, values: [String: String])
  /// The path exists, but not with this method.
  case wrongMethod(allowed: [String])
  case notFound
}

extension ControlRoute {
  /// Finds the route of a request; `checkQuery` refuses what else is in its query (`?...`).
  public static func match(method: String, path: String) -> RouteMatch {
    let bare = path.prefix { $0 != "?" }
    var allowed: [String] = []
    for route in allCases {
      guard let values = route.values(in: bare) else { continue }
      if route.method.rawValue == method {
        let query = route.query(in: path.dropFirst(bare.count + 1))
        return .found(route, values: values.merging(query) { segment, _ in segment })
      }
      allowed.append(route.method.rawValue)
    }
    return allowed.isEmpty ? .notFound : .wrongMethod(allowed: allowed)
  }

  /// The path of a request, placeholders filled in and encoded; `query` has its parameters.
  public func path(window: String? = nil, date: String? = nil, query: [String: String] = [:]) -> String {
    let values = ["{window}": window, "{date}": date]
    let words = query.sorted { $0.key < $1.key }.map { "\($0.key)=\(PathSegment.encoded($0.value))" }
    let end = words.isEmpty ? "" : "?" + words.joined(separator: "&")
    return pattern.split(separator: "/", omittingEmptySubsequences: false).map { segment in
      guard let value = values[String(segment)] else { return String(segment) }
      return PathSegment.encoded(value ?? "")
    }.joined(separator: "/") + end
  }

  /// Refuses a query with anything but the route's own parameters, each once and with a value.
  func checkQuery(of path: String) throws(ControlError) {
    var seen: Set<String> = []
    for word in path.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = (PathSegment.decoded(parts[0]) ?? String(parts[0])).onOneLine
      let problem: String? =
        if !parameters.contains(name) {
          "unknown parameter `\(name)` in the query; \(hint(for: name))"
        } else if parts.count < 2 {
          "`\(name)` has no value in the query"
        } else if PathSegment.decoded(parts[1]) == nil {
          "the value of `\(name)` in the query is not percent-encoded UTF-8"
        } else if !seen.insert(name).inserted {
          "`\(name)` is twice in the query"
        } else {
          nil
        }
      if let problem { throw ControlError(Refusal(.invalid, problem)) }
    }
  }

  private func hint(for name: String) -> String {
    if parameters.isEmpty { return "this path takes none" }
    return Suggestion.hint(for: name, among: parameters)
      ?? "known here: " + parameters.map { "`\($0)`" }.joined(separator: ", ")
  }

  private func query(in text: Substring) -> [String: String] {
    var values: [String: String] = [:]
    for word in text.split(separator: "&") {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let name = PathSegment.decoded(parts[0]), let value = PathSegment.decoded(parts[1]) else {
        continue
      }
      if parameters.contains(name) { values[name] = value }
    }
    return values
  }

  private func values(in path: Substring) -> [String: String]? {
    let wanted = pattern.split(separator: "/", omittingEmptySubsequences: false)
    let given = path.split(separator: "/", omittingEmptySubsequences: false)
    guard wanted.count == given.count else { return nil }
    var values: [String: String] = [:]
    for (wanted, given) in zip(wanted, given) {
      if wanted.hasPrefix("{") {
        guard !given.isEmpty, let value = PathSegment.decoded(given) else { return nil }
        values[String(wanted.dropFirst().dropLast())] = value
      } else if wanted != given {
        return nil
      }
    }
    return values
  }
}

/// Percent-encoding of one segment of a path. Source: RFC 3986, sections 2.1 and 2.3.
enum PathSegment {
  static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let isUnreserved =
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "~"):
          true
        default: false
        }
      if isUnreserved {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }

  /// `nil` when it is not valid: a `%` without two hexadecimal digits, bytes that are not UTF-8.
  static func decoded(_ segment: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = segment.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard rest.count >= 2, let digits = String(rest.prefix(2)), digits.utf8.allSatisfy(isHexadecimal),
          let value = UInt8(digits, radix: 16)
        else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
