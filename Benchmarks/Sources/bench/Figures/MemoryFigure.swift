/// The memory of the daemon.
struct MemoryFigure {
  let options: Options
  let workspace: Workspace

  func section() throws -> Section {
    let rounds = options.scale(3, quick: 1)
    let window = WindowFile(name: "memory", dates: options.scale(10_000, quick: 200))
    var figures: [[Double]] = [[], [], [], []]
    for round in 1...rounds {
      Progress.say("memory, round \(round) of \(rounds)")
      let daemon = try Daemon(options.programs, on: Stage(workspace, windows: [window.name: window.text]))
      try daemon.drain(for: 1)
      let idle = [try daemon.figures.residentMebibytes, try daemon.figures.peakMebibytes]
      _ = try daemon.run(window)
      try daemon.drain(for: 1)
      let after = [try daemon.figures.residentMebibytes, try daemon.figures.peakMebibytes]
      for (index, value) in (idle + after).enumerated() { figures[index].append(value) }
      try daemon.stop()
    }
    let names = [
      "idle, resident", "idle, peak so far", "after \(window.dates) dates, resident",
      "after \(window.dates) dates, peak",
    ]
    return Section(
      title: "Memory",
      text: """
        VmRSS and VmHWM of `backfilld`: one second after READY with one window of \(window.dates) dates, none of which is done,
        and one second after all of them have run.
        """,
      head: ["when", "memory", "spread"],
      rows: try zip(names, figures).map { [$0] + (try Sample($1)).cells("MiB", decimals: 1) })
  }
}
