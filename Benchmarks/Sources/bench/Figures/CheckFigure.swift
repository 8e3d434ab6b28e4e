/// What the two tiers of checks cost on dates that are settled.
struct CheckFigure {
  let options: Options
  let workspace: Workspace

  func section() throws -> Section {
    let rounds = options.scale(3, quick: 1)
    let dates = options.scale(100, quick: 5)
    let checks = ["requires: [[/bin/sleep, \"0.005\"]]", "freshness: [[/bin/sleep, \"1\"]]"]
    let everything = WindowFile(name: "checks", dates: dates, stepLines: checks)
    let settled = WindowFile(name: "checks", dates: dates, lines: ["settled_after: 3d"], stepLines: checks)
    let nothing = WindowFile(name: "checks", dates: dates)
    var seconds: [[Double]] = [[], [], []]
    var overheads: [[Double]] = [[], []]
    var ratios: [Double] = []
    for round in 1...rounds {
      Progress.say("checks, round \(round) of \(rounds)")
      let round = try [everything, settled, nothing].map { try time($0) / Double(dates) }
      for (index, value) in round.enumerated() { seconds[index].append(value) }
      let overhead = [round[0] - round[2], round[1] - round[2]]
      for (index, value) in overhead.enumerated() { overheads[index].append(value) }
      ratios.append(overhead[0] / overhead[1])
    }
    let names = ["with everything (the window has no `settled_after`)", "in backfill mode (settled)", "with nothing"]
    let rows = try names.indices.map { index in
      let overhead =
        index < 2 ? try Sample(overheads[index]).cells(times: 1000, "ms", decimals: 2) : ["-", "-"]
      return [names[index]] + (try Sample(seconds[index])).cells(times: 1000, "ms", decimals: 2) + overhead
    }
    return Section(
      title: "Two tiers of checks",
      text: """
        \(dates) settled dates of a step with a full check of one second (`freshness`: `sleep 1`) and a cheap one of 5 ms
        (`requires`: `sleep 0.005`). The overhead is the time above that of the same step without checks, in the same round. On
        settled dates the full check is left out; the cheap one never is. The overhead of everything is so many times the
        overhead of backfill mode: **\(try Sample(ratios).cells("x", decimals: 0).joined(separator: ", spread "))**.
        """,
      head: ["checks", "time per date", "spread", "overhead per date", "spread"], rows: rows)
  }

  private func time(_ window: WindowFile) throws -> Double {
    let daemon = try Daemon(options.programs, on: Stage(workspace, windows: [window.name: window.text]))
    let seconds = try daemon.run(window)
    try daemon.stop()
    return seconds
  }
}
