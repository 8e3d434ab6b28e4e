import BackfillCore

/// One request of the control API, read and checked: what is asked of `Operations`.
///
/// A reason is on one line, whatever it holds: it is kept, and goes to journals and terminals.
public enum ControlCall: Sendable, Equatable {
  case status(window: String?)
  case show(window: String, date: CivilDate?)
  case plan(PlanRequest)
  case failures(FailuresRequest)
  case validate(ValidationRequest)
  case run(RunRequest)
  case change(ChangeRequest)
  case rerun(RerunRequest)
  case importDone(ImportRequest)
  case pause(PauseRequest)
  case resume(ResumeRequest)
  case reload
  case backup(file: String)
  case doctor

  /// Reads the request of `method` for `path`, its query included.
  ///
  /// What means nothing is refused, not left out: a request must not be carried out as if it had not been there.
  public init(method: String, path: String, body: [UInt8]) throws(ControlError) {
    switch ControlRoute.match(method: method, path: path) {
    case .found(let route, let values):
      try route.checkQuery(of: path)
      self = try ControlCall(route, values: values, body: body)
    case .wrongMethod(let allowed): throw .wrongMethod(method, path: path, allowed: allowed)
    case .notFound: throw .noSuchRoute(path)
    }
  }

  /// Reads the call from a matched route; an empty body is read as `{}`.
  public init(_ route: ControlRoute, values: [String: String], body: [UInt8]) throws(ControlError) {
    if route.body == nil, !body.isEmpty {
      throw ControlError(Refusal(.invalid, "\(route.method.rawValue) takes no body: parameters go into the query"))
    }
    let window = values["window"] ?? ""
    switch route {
    case .doctor: self = .doctor
    case .status: self = .status(window: nil)
    case .windowStatus: self = .status(window: window)
    case .show: self = .show(window: window, date: nil)
    case .showDate:
      let text = values["date"] ?? ""
      guard let date = CivilDate(iso: text) else {
        throw ControlError(Refusal(.invalid, "`\(text)` is not a date (YYYY-MM-DD)"))
      }
      self = .show(window: window, date: date)
    case .plan: self = .plan(PlanRequest(window: window, nights: try Self.nights(values["nights"])))
    case .failures: self = .failures(FailuresRequest(window: window, by: try Self.grouping(values["by"])))
    case .validate:
      let body = try Self.read(ValidationBody.self, from: body)
      self = .validate(
        ValidationRequest(
          window: window, dates: try body.dates.map { dates throws(ControlError) in try Self.checked(dates) },
          isApplied: body.apply, reason: Self.reason(body.reason)))
    case .run:
      let body = try Self.read(RunBody.self, from: body)
      self = .run(
        RunRequest(
          window: window, dates: try Self.checked(body.dates), step: body.step, reason: Self.reason(body.reason),
          isDryRun: body.dryRun))
    case .change:
      let body = try Self.read(ChangeBody.self, from: body)
      self = .change(
        ChangeRequest(
          window: window, action: body.action, dates: try Self.checked(body.dates), reason: Self.reason(body.reason)))
    case .rerun:
      let body = try Self.read(RerunBody.self, from: body)
      self = .rerun(
        RerunRequest(
          window: window, dates: try Self.checked(body.dates), step: body.step, downstream: body.downstream,
          reason: Self.reason(body.reason), dryRun: body.dryRun, confirmed: body.confirmed))
    case .importDone:
      let body = try Self.read(ImportBody.self, from: body)
      if body.dates.isEmpty { throw ControlError(Refusal(.invalid, "no dates are named")) }
      self = .importDone(
        ImportRequest(window: window, dates: body.dates, reason: Self.reason(body.reason), dryRun: body.dryRun))
    case .pause, .pauseAll:
      let body = try Self.read(PauseBody.self, from: body)
      self = .pause(PauseRequest(window: values["window"], reason: Self.reason(body.reason)))
    case .resume, .resumeAll:
      let body = try Self.read(ResumeBody.self, from: body)
      self = .resume(ResumeRequest(window: values["window"], now: body.now, reason: Self.reason(body.reason)))
    case .reload:
      _ = try Self.read(ReloadBody.self, from: body)
      self = .reload
    case .backup:
      let body = try Self.read(BackupBody.self, from: body)
      guard body.file.hasPrefix("/"), !body.file.hasSuffix("/"), !body.file.contains("\0") else {
        throw ControlError(Refusal(.invalid, "`\(body.file.onOneLine)` is not the absolute path of a file"))
      }
      self = .backup(file: body.file)
    }
  }

  /// One of blanks alone says nothing.
  private static func reason(_ text: String?) -> String? {
    text?.contains { !$0.isWhitespace } == true ? text?.onOneLine : nil
  }

  private static func nights(_ text: String?) throws(ControlError) -> Int? {
    guard let text else { return nil }
    guard let number = Int(text), number > 0 else {
      throw ControlError(Refusal(.invalid, "`nights` is `\(text)`, not a number from 1 on"))
    }
    return number
  }

  private static func grouping(_ text: String?) throws(ControlError) -> FailuresRequest.Grouping {
    guard let text else { return .category }
    guard let grouping = FailuresRequest.Grouping(rawValue: text) else {
      let words = FailuresRequest.Grouping.allCases.map(\.rawValue).joined(separator: ", ")
      throw ControlError(Refusal(.invalid, "`by` is `\(text)`, not one of \(words)"))
    }
    return grouping
  }

  private static func read<Body: Decodable>(_ type: Body.Type, from bytes: [UInt8]) throws(ControlError) -> Body {
    do {
      return try ControlCoding.decode(type, from: bytes.isEmpty ? Array("{}".utf8) : bytes)
    } catch {
      throw ControlError(Refusal(.invalid, "the body cannot be read: \(error.message)"))
    }
  }

  private static func checked(_ dates: [DateRange]) throws(ControlError) -> [DateRange] {
    if dates.isEmpty { throw ControlError(Refusal(.invalid, "no dates are named")) }
    for range in dates where range.from > range.to {
      throw ControlError(Refusal(.invalid, "the range \(range.from)..\(range.to) ends before it starts"))
    }
    return dates
  }
}
