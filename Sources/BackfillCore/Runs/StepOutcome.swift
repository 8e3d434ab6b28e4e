/// What an execution means for its attempt, before anything is judged. Source: DESIGN, "What a step gives back".
public enum StepOutcome: Sendable, Equatable {
  /// Exit 0 and the promised report: to be judged.
  case reported(Report?)
  /// Tried again while the round has attempts left.
  case failed(String)
  /// Exit 66: input is missing; the date is held at once.
  case inputMissing
  /// A check failed, with its sentence: the command was not run, the date waits for its input.
  case checkFailed(String)
  /// Stopped by us; the attempt counts as not made.
  case stopped

  /// Reads `execution`.
  public init(_ execution: Execution) {
    switch execution.ending {
    case .exited(0):
      switch execution.report {
      case .notPromised: self = .reported(nil)
      case .report(let report): self = .reported(report)
      case .missing(let why), .unreadable(let why): self = .failed(why)
      }
    case .exited(66): self = .inputMissing
    case .stopped: self = .stopped
    case .inputMissing(let why): self = .checkFailed(why)
    case let ending: self = .failed(ending.sentence)
    }
  }
}

extension Ending {
  /// In words: `exit status 3`, `killed by SIGSEGV`, `stopped after its time limit of 10m`.
  public var sentence: String {
    switch self {
    case .exited(0): "exit status 0"
    case .exited(66): "exit status 66 (input missing)"
    case .exited(75): "exit status 75 (temporary failure)"
    case .exited(let status): "exit status \(status)"
    case .signaled(let signal): "killed by \(SignalName.of(signal))"
    case .timedOut(let limit): "stopped after its time limit of \(limit.spoken)"
    case .stopped: "stopped"
    case .notStarted(let why): why
    case .inputMissing: "input missing"
    }
  }
}

/// The names of the signals of Linux, x86 and ARM. Source: signal(7).
public enum SignalName {
  private static let names: [Int32: String] = [
    1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE",
    9: "SIGKILL", 10: "SIGUSR1", 11: "SIGSEGV", 12: "SIGUSR2", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM",
    16: "SIGSTKFLT", 17: "SIGCHLD", 18: "SIGCONT", 19: "SIGSTOP", 20: "SIGTSTP", 21: "SIGTTIN", 22: "SIGTTOU",
    23: "SIGURG", 24: "SIGXCPU", 25: "SIGXFSZ", 26: "SIGVTALRM", 27: "SIGPROF", 28: "SIGWINCH", 29: "SIGIO",
    30: "SIGPWR", 31: "SIGSYS",
  ]

  /// `SIGKILL` for 9; `signal 34` where a number has no name.
  public static func of(_ number: Int32) -> String {
    names[number] ?? "signal \(number)"
  }
}
