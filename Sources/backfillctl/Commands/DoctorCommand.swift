import ArgumentParser
import BackfillControl
import BackfillCore

/// `doctor [--json]`: whether the daemon, its ledger and the machine are as nightly work needs them.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Look whether the daemon and the machine are well, and say what to do.",
    discussion: """
      Looks at the daemon, the configuration, permissions, the ledger, free space, the clock, time zones, the journal, \
      lingering, WSL, and when each window fires. What only the daemon can see is not looked at when it does not answer.
      Exit status: 0 nothing to do, 1 a warning or an error.
      """)

  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var daemon: DaemonOptions

  func run() async throws {
    let surroundings = Console.surroundings()
    let answer = await answer()
    let facts = MachineLook(root: "").facts(
      socket: daemon.client.socketPath, answer: answer, machine: LocalMachine(checking: answer.configDirectory))
    let findings = facts.findings { instant, zone in Times.minute(instant, in: surroundings.zone(zone)) }
    if json {
      try Console.print(json: DoctorAnswer(findings: findings))
    } else {
      try Console.print(DoctorRendering.lines(findings, in: surroundings))
    }
    if findings.contains(where: \.wantsAttention) { throw CommandFailure(.refused, "") }
  }

  /// A ledger of many dates takes its time.
  private func answer() async -> DoctorFacts.Answer {
    do {
      return .answered(
        try await daemon.ask(within: .seconds(600)) { client throws(ControlFailure) in try await client.doctor() })
    } catch {
      return .silent(error.message)
    }
  }
}

/// What `doctor --json` prints.
private struct DoctorAnswer: Encodable {
  let findings: [DoctorFinding]
}
