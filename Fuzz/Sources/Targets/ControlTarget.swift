import BackfillControl
import BackfillCore

/// A request of the control API: `METHOD PATH`, a line feed, the body. The body is also read as an answer, as the tool does.
enum ControlTarget {
  static func run(_ input: [UInt8]) {
    let parts = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    let start = String(decoding: parts[0], as: UTF8.self).split(separator: " ", maxSplits: 1).map(String.init)
    let body = parts.count > 1 ? Array(parts[1]) : []
    request(method: start.first ?? "", path: start.count > 1 ? start[1] : "", body: body)
    for type in types { answer(type, body) }
  }

  /// What may come over the socket, in either direction.
  private static var types: [any Codable.Type] {
    [ErrorBody.self] + ControlRoute.allCases.flatMap { [$0.answer, $0.body].compactMap(\.self) }
  }

  private static func request(method: String, path: String, body: [UInt8]) {
    do {
      switch ControlRoute.match(method: method, path: path) {
      case .notFound: throw ControlError.noSuchRoute(path)
      case .wrongMethod(let allowed): throw ControlError.wrongMethod(method, path: path, allowed: allowed)
      case .found(let route, let values):
        let query = values.filter { $0.key != "window" && $0.key != "date" }
        let again = route.path(window: values["window"], date: values["date"], query: query)
        check(
          ControlRoute.match(method: method, path: again) == .found(route, values: values),
          "\(again) is not \(path)")
        examine(try ControlCall(method: method, path: path, body: body))
      }
    } catch let error as ControlError {
      check((400..<500).contains(error.status), "status \(error.status)")
      answer(ErrorBody.self, encoded(error.body), isValid: true)
    } catch {
      check(false, "\(error)")
    }
  }

  private static func examine(_ call: ControlCall) {
    let dates: [DateRange]
    switch call {
    case .run(let request): dates = request.dates
    case .change(let request): dates = request.dates
    case .rerun(let request): dates = request.dates
    case .validate(let request):
      guard let named = request.dates else { return }
      dates = named
    default: return
    }
    check(!dates.isEmpty && dates.allSatisfy { $0.from <= $0.to }, "\(dates)")
  }

  /// What can be read can be written, and is read as the same again.
  private static func answer<Value: Codable>(_ type: Value.Type, _ bytes: [UInt8], isValid: Bool = false) {
    do {
      let written = encoded(try ControlCoding.decode(type, from: bytes))
      let again = encoded(try ControlCoding.decode(type, from: written))
      check(again == written, "\(String(decoding: written, as: UTF8.self)) is read as another value")
    } catch {
      check(!isValid, error.message)
      check(!error.message.isEmpty, "no reason is given")
    }
  }

  private static func encoded(_ value: some Encodable) -> [UInt8] {
    do {
      return try ControlCoding.encode(value)
    } catch {
      check(false, error.message)
      return []
    }
  }
}
