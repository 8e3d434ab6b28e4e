import BackfillControl
import BackfillCore

/// How the program ends. Source: DESIGN, "The operator's commands".
enum ExitStatus: Int32, Sendable {
  case done = 0
  /// Refused, or failed; why is on standard error.
  case refused = 1
  case usage = 2
  case unreachable = 3
  /// No such window, or no such date.
  case notFound = 4
}

/// A command ends without having done all of its work.
struct CommandFailure: Error, Sendable, Equatable {
  let status: ExitStatus
  /// What standard error says; empty when it has been said already.
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  /// What came of asking the daemon.
  init(_ failure: ControlFailure) {
    switch failure {
    case .unreachable(let why): self.init(.unreachable, why)
    case .refused(let refusal):
      let isUnknown = [.noSuchWindow, .noSuchDate, .noSuchStep].contains(refusal.kind)
      self.init(isUnknown ? .notFound : .refused, refusal.message)
    case .forbidden(let why), .protocolError(let why): self.init(.refused, why)
    }
  }
}
