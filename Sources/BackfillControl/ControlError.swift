import BackfillCore

/// A response that is not a success: `{"error":{"kind":"...","message":"..."}}` and its HTTP status.
public struct ControlError: Error, Sendable, Equatable {
  /// A word for programs: the kinds of `Refusal`, or one of this API's own.
  public let kind: String
  /// One sentence for a person.
  public let message: String
  /// Source of the numbers: RFC 9110, section 15.
  public let status: Int
  /// The methods that a path takes where the request had another one; otherwise none.
  public let allowed: [String]

  /// What the engine says.
  public init(_ refusal: Refusal) {
    allowed = []
    kind = refusal.kind.rawValue
    message = refusal.message
    status =
      switch refusal.kind {
      case .noSuchWindow, .noSuchDate, .noSuchStep: 404
      case .refused: 409
      case .invalid: 400
      case .unavailable: 503
      }
  }

  /// An error of the API itself.
  public init(kind: String, status: Int, message: String, allowed: [String] = []) {
    self.allowed = allowed
    self.kind = kind
    self.status = status
    self.message = message
  }

  /// No route has this path.
  public static func noSuchRoute(_ path: String) -> ControlError {
    ControlError(kind: "no-such-route", status: 404, message: "there is nothing at \(path)")
  }

  /// The path has other methods.
  public static func wrongMethod(_ method: String, path: String, allowed: [String]) -> ControlError {
    ControlError(
      kind: "wrong-method", status: 405,
      message: "\(path) does not take \(method); it takes \(allowed.joined(separator: ", "))", allowed: allowed)
  }

  /// The body is larger than `limit` bytes.
  public static func tooLarge(limit: Int) -> ControlError {
    ControlError(kind: "too-large", status: 413, message: "the body is larger than \(limit / 1024) KiB")
  }

  /// The head is larger than `limit` bytes, one of its fields than `field`, or it has more than `fields`.
  public static func headTooLarge(limit: Int, field: Int, fields: Int) -> ControlError {
    ControlError(
      kind: "too-large", status: 431,
      message: "the head of the request is too large: at most \(fields) fields of \(field / 1024) KiB, "
        + "\(limit / 1024) KiB in all")
  }

  /// A request began and did not come to its end.
  public static let timedOut = ControlError(
    kind: "timed-out", status: 408, message: "the rest of the request did not come in time")

  /// What came is not HTTP.
  public static let notHTTP = ControlError(
    kind: "bad-request", status: 400, message: "this is not an HTTP/1.1 request")

  /// The role of `user` does not allow what needs `permission`. The daemon runs as the user `daemon`; `isListed`: the user
  /// database has `user` in the operators' group, but the session began before.
  public static func forbidden(
    _ user: String, _ permission: ControlRoute.Permission, daemon: String, isListed: Bool
  ) -> ControlError {
    let owners = daemon == "root" ? ["root"] : ["root", "`\(daemon)`"]
    let group = ServiceAccount.group
    let words =
      switch permission {
      case .administer:
        "`\(user)` may not do this, only \(owners.joined(separator: " and ")) may: put `sudo` before the command"
      case .read, .operate:
        if isListed {
          "`\(user)` is in the group `\(group)` only since after this session began: log in again"
        } else {
          "`\(user)` may look but change nothing, only \(owners.joined(separator: ", ")) and members of the group "
            + "`\(group)` may: an administrator lets you in with `usermod -aG \(group) \(user)`; log in again after that"
        }
      }
    return ControlError(kind: "forbidden", status: 403, message: words)
  }

  /// The answer could not be written.
  public static func failed(_ message: String) -> ControlError {
    ControlError(kind: "failed", status: 500, message: message)
  }

  /// The body of the response.
  public var body: ErrorBody { ErrorBody(error: ErrorBody.Content(kind: kind, message: message)) }
}

/// The body of every response that is not a success.
public struct ErrorBody: Codable, Sendable, Equatable {
  public struct Content: Codable, Sendable, Equatable {
    public let kind: String
    public let message: String

    public init(kind: String, message: String) {
      self.kind = kind
      self.message = message
    }
  }

  public let error: Content

  public init(error: Content) {
    self.error = error
  }
}
