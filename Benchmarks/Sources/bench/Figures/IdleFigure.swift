import Foundation

/// What a daemon costs that has nothing to do.
struct IdleFigure {
  let options: Options
  let workspace: Workspace

  func section() throws -> Section {
    let count = options.scale(1000, quick: 20)
    let seconds = options.scale(60, quick: 3)
    let rounds = options.scale(3, quick: 1)
    var windows: [String: String] = [:]
    for number in 0..<count {
      let lines = ["schedule: {when: \"\(Self.farTime(number))\", timezone: UTC, chunk: 30}"]
      windows["w\(number)"] = WindowFile(name: "w\(number)", dates: 365, lines: lines).text
    }
    let daemon = try Daemon(options.programs, on: Stage(workspace, windows: windows))
    try daemon.drain(for: options.isQuick ? 1 : 10)
    var processor: [Double] = []
    var waits: [Double] = []
    var otherWaits: [Double] = []
    for round in 1...rounds {
      Progress.say("idle, round \(round) of \(rounds)")
      let before = try daemon.figures.threads()
      try daemon.drain(for: Double(seconds))
      let used = ThreadUse.between(before, try daemon.figures.threads())
      processor.append(used.reduce(0) { $0 + $1.processorSeconds })
      waits.append(used.reduce(0) { $0 + $1.waits })
      otherWaits.append(used.map(\.waits).sorted().dropLast().reduce(0, +))
    }
    let memory = try Sample([daemon.figures.residentMebibytes])
    try daemon.stop()
    return Section(
      title: "Idle, with \(count) windows",
      text: """
        \(count) windows of 365 dates with a nightly schedule, none of which fires while this is measured; \(seconds) seconds a
        round, under the watchdog of the unit (3 minutes: it is fed each 90 seconds). A wake-up is a voluntary context switch
        of any thread. libdispatch, under every Swift program on Linux, looks at its own pools of threads once a second: that is
        the busiest thread, and none of it is ours.
        """,
      head: ["what", "in \(seconds) s", "spread"],
      rows: [
        ["CPU time"] + (try Sample(processor)).cells(times: 1000, "ms", decimals: 2),
        ["wake-ups, all threads"] + (try Sample(waits)).cells("", decimals: 0),
        ["wake-ups, without the busiest thread"] + (try Sample(otherWaits)).cells("", decimals: 0),
        ["resident memory"] + memory.cells("MiB", decimals: 1),
      ])
  }

  /// A daily cron expression for about half a day from now, in UTC; each `number` of sixty has a minute of its own.
  static func farTime(_ number: Int) -> String {
    let hour = (Int(Date.now.timeIntervalSince1970) / 3600 + 12) % 24
    return "\(number % 60) \(hour) * * *"
  }
}
