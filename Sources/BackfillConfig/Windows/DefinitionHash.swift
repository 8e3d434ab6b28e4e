import BackfillCore

/// The digest of what decides what the steps of a window compute.
///
/// It covers `run`, and of each step its name, command, `after` and where its report comes from. It leaves out what only
/// decides whether and when steps run (`requires`, `freshness`, `preflight` too), how long they may take, how often they are
/// tried and how their results are judged; and the order of the steps in the file, of `after`, and of the environment.
enum DefinitionHash {
  /// Sixteen hexadecimal digits.
  ///
  /// Source: FNV-1a, 64 bits (Fowler, Noll, Vo). It tells definitions apart; it does not protect against forgery.
  static func digest(run: RunContext, steps: [Step]) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for field in fields(run) + steps.sorted(by: { $0.name < $1.name }).flatMap(fields) {
      // The length in front keeps ["ab", "c"] and ["a", "bc"] apart.
      for byte in "\(field.utf8.count):\(field)".utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
      }
    }
    return Hexadecimal.text(hash)
  }

  private static func fields(_ run: RunContext) -> [String] {
    ["run", run.user ?? "", run.directory ?? "", run.environmentFile ?? "", String(run.environment.count)]
      + run.environment.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
  }

  private static func fields(_ step: Step) -> [String] {
    let lookbacks = step.lookbacks.sorted { $0.step < $1.step }.flatMap { [$0.step, "\($0.dates)", "\($0.minimum)"] }
    return ["step", step.name, String(step.command.count)] + step.command
      + [String(step.after.count)] + step.after.sorted() + [String(lookbacks.count)] + lookbacks
      + [reportWord(step.report)]
  }

  private static func reportWord(_ source: ReportSource) -> String {
    switch source {
    case .file: "file"
    case .output: "output"
    case .none: "none"
    }
  }
}
