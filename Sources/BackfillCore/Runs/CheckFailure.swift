/// A check that did not succeed.
public struct CheckFailure: Sendable, Equatable {
  public let kind: CheckKind
  /// The step it belongs to; `nil` for a preflight.
  public let step: String?
  /// As it was run, placeholders filled in.
  public let command: [String]
  public let ending: Ending

  public init(_ kind: CheckKind, of step: String?, command: [String], ending: Ending) {
    self.kind = kind
    self.step = step
    self.command = command
    self.ending = ending
  }

  /// "`requires` of `psza` failed: `bin/upstream-exists.sh 2013-01-02` exited with 1".
  public var sentence: String {
    "`\(kind.rawValue)`\(step.map { " of `\($0)`" } ?? "") failed: `\(command.quotedCommand)` \(happened)"
  }

  private var happened: String {
    switch ending {
    case .exited(let status): "exited with \(status)"
    case .notStarted(let why): "could not be started: \(why)"
    case .signaled, .timedOut, .stopped, .inputMissing: "was \(ending.sentence)"
    }
  }
}
