import Foundation

/// How long the start takes, and the questions of an operator, with an empty ledger and with a large one.
struct StartFigure {
  let options: Options
  let workspace: Workspace
  private let pending = 1000
  /// Dates of one import: its body is at most 512 KiB.
  private let importLimit = 30_000

  init(options: Options, workspace: Workspace) {
    self.options = options
    self.workspace = workspace
  }

  func section() throws -> Section {
    let done = options.scale(100_000, quick: 2000)
    let rounds = options.scale(10, quick: 3)
    let lines = ["schedule: {when: \"\(IdleFigure.farTime(0))\", timezone: UTC, chunk: 30}"]
    let window = WindowFile(name: "ledger", start: -25_567, dates: done + pending, lines: lines)
    let small = WindowFile(name: "ledger", dates: pending, lines: lines)
    let empty = try Stage(workspace, windows: [window.name: small.text])
    let full = try Stage(workspace, windows: [window.name: window.text])
    try fill(full, with: window, done)

    var starts: [[Double]] = [[], []]
    for round in 1...rounds {
      Progress.say("start, round \(round) of \(rounds)")
      for (index, stage) in [empty, full].enumerated() {
        let daemon = try Daemon(options.programs, on: stage)
        starts[index].append(daemon.readyAfter)
        try daemon.stop()
      }
    }
    var rows = try zip(["exec to READY, no date done", "exec to READY, \(done) dates done"], starts)
      .map { [$0] + (try Sample($1)).cells(times: 1000, "ms", decimals: 1) }
    rows += try questions(Daemon(options.programs, on: full), window.name)
    return Section(
      title: "Start, and the questions of an operator",
      text: """
        From the moment before exec to READY=1, with a window of \(pending) dates none of which is done, and with one of
        \(done + pending) dates of which \(done) are done (imported). Then, with the second: the tool from the start of
        its process to its end, and the same over the control socket without the tool, connection included. `plan` without
        `--nights` has a line for each date.
        """,
      head: ["what", "time", "spread"], rows: rows)
  }

  /// Records the first `done` dates of `window` as done.
  private func fill(_ stage: Stage, with window: WindowFile, _ done: Int) throws {
    let daemon = try Daemon(options.programs, on: stage)
    for start in stride(from: 0, to: done, by: importLimit) {
      Progress.say("start, importing \(done) dates, from \(start)")
      let list = (start..<min(done, start + importLimit)).map { WindowFile.date(window.start + $0) + "\n" }.joined()
      let file = stage.path + "/done"
      try Data(list.utf8).write(to: URL(fileURLWithPath: file))
      try daemon.call(["import", window.name, "--done", file, "--reason", "benchmark"])
    }
    try daemon.stop()
  }

  private func questions(_ daemon: Daemon, _ window: String) throws -> [[String]] {
    let route = "/v1/windows/\(window)/plan"
    let questions: [(String, Int, () throws -> Double)] = [
      ("`backfillctl status`", 20, { try daemon.call(["status"]) }),
      ("GET `/v1/status`", 20, { try daemon.get("/v1/status") }),
      ("`backfillctl plan WINDOW --nights 1`", 10, { try daemon.call(["plan", window, "--nights", "1"]) }),
      ("GET `\(route)?nights=1`", 10, { try daemon.get(route + "?nights=1") }),
      ("`backfillctl plan WINDOW`", 5, { try daemon.call(["plan", window]) }),
      ("GET `\(route)`", 5, { try daemon.get(route) }),
    ]
    let rows = try questions.map { name, rounds, ask in
      Progress.say("start, \(name)")
      let sample = try Sample((0..<options.scale(rounds, quick: 3)).map { _ in try ask() })
      return [name] + sample.cells(times: 1000, "ms", decimals: 1)
    }
    try daemon.stop()
    return rows
  }
}
