extension Execution {
  /// How much of the output is kept of an execution: 64 KiB.
  public static let tailLimit = 64 * 1024

  /// This execution of a step's command with what its checks cost and printed before it. The start and the duration stay
  /// those of the command: they are judged.
  public func after(_ checks: [Execution]) -> Execution {
    guard !checks.isEmpty else { return self }
    let all = checks + [self]
    return Execution(
      ending: ending, started: started, duration: duration, usage: Self.usage(of: all), outputTail: Self.tail(of: all),
      report: report)
  }

  /// The execution of a step whose last check failed: its command was not run.
  public static func inputMissing(_ why: CheckFailure, _ checks: [Execution]) -> Execution {
    Execution(
      ending: .inputMissing(why.sentence), started: checks.first?.started ?? Instant(seconds: 0),
      duration: checks.reduce(.zero) { $0 + $1.duration }, usage: usage(of: checks), outputTail: tail(of: checks),
      report: .notPromised)
  }

  private static func usage(of executions: [Execution]) -> ResourceUsage {
    ResourceUsage(
      userCPU: executions.reduce(.zero) { $0 + $1.usage.userCPU },
      systemCPU: executions.reduce(.zero) { $0 + $1.usage.systemCPU },
      peakMemoryKiB: executions.compactMap(\.usage.peakMemoryKiB).max())
  }

  private static func tail(of executions: [Execution]) -> [UInt8] {
    Array(executions.flatMap(\.outputTail).suffix(tailLimit))
  }
}
