import Foundation

/// Dates per second, against a loop in C that does the least, and against what people use today.
struct RateFigure {
  let options: Options
  let workspace: Workspace
  private var dates: Int { options.scale(1000, quick: 100) }
  private var rounds: Int { options.scale(31, quick: 3) }
  private var slowRounds: Int { options.scale(9, quick: 1) }

  init(options: Options, workspace: Workspace) {
    self.options = options
    self.workspace = workspace
  }

  private enum Runner: CaseIterable {
    case backfilld, twoAtATime, parallel, loop, askingLoop
  }

  func section() throws -> Section {
    var rates: [Runner: [Double]] = [:]
    var shares: [Runner: [Double]] = [:]
    var times: [Runner: [Double]] = [:]
    var floors = [try floor()]
    for round in 0..<rounds {
      Progress.say("rate, round \(round + 1) of \(rounds)")
      var ours = 0.0
      for runner in Runner.allCases where runner == .backfilld || round < slowRounds {
        let before = floors[floors.count - 1]
        let rate = try rate(of: runner)
        floors.append(try floor())
        if runner == .backfilld { ours = rate }
        rates[runner, default: []].append(rate)
        shares[runner, default: []].append(rate / ((before + floors[floors.count - 1]) / 2))
        times[runner, default: []].append(ours / rate)
      }
    }
    let names: [(Runner, String)] = [
      (.backfilld, "backfilld"), (.twoAtATime, "backfilld, two dates at a time"),
      (.parallel, "`parallel -j1 --joblog --resume`"), (.loop, "bash and `sqlite3`"),
      (.askingLoop, "the same, asking before each date"),
    ]
    let rows = try names.map { runner, name in
      let share = try Sample(shares[runner] ?? [])
      let ahead = try Sample(times[runner] ?? [])
      return [name] + (try Sample(rates[runner] ?? [])).cells("", decimals: 0)
        + share.cells(times: 100, "%", decimals: 1)
        + (runner == .backfilld || runner == .twoAtATime ? ["-", "-"] : ahead.cells("x", decimals: 1))
    }
    return Section(
      title: "Dates per second",
      text: """
        A window of \(dates) dates with one step, `/bin/true`, without a report. Every date is claimed, run, judged and
        committed durably.

        - *The floor* is a loop in C: for each date posix_spawn and wait4 of `/bin/true`, and one row in an SQLite database (WAL,
          `synchronous=FULL`). Only the loop is timed. It runs before and after each of the others: the share of the floor is
          that of the mean of the two.
        - *backfilld*: from the start of `backfillctl run` until the daemon tells systemd that the window is complete. A
          fresh ledger each round. *Two dates at a time* is the same window with `parallel: {dates: 2}`; the others run one.
        - *GNU parallel* writes its job log without fsync: a power cut loses it.
        - *bash and sqlite3*: a loop that runs `/bin/true` and then the `sqlite3` tool with one INSERT (WAL, `synchronous=FULL`).
          It only writes: started again it would begin with the first date. *Asking before each date* is what a loop does
          that goes on where it was stopped, as backfilld and `--resume` do: a SELECT first, and no date twice.
        - *backfilld is faster*: how many times, in the same round. Nothing that starts a process and commits for each date is
          faster than the floor: what has a third of the floor's rate can be beaten three times at most.
        """,
      head: ["what", "dates per second", "spread", "of the floor", "spread", "backfilld is faster", "spread"],
      rows: [["the floor"] + (try Sample(floors)).cells("", decimals: 0) + ["100 %", "-", "-", "-"]] + rows)
  }

  private func rate(of runner: Runner) throws -> Double {
    switch runner {
    case .backfilld: try backfilld()
    case .twoAtATime: try backfilld("parallel: {dates: 2}")
    case .parallel: try parallel()
    case .loop: try loop()
    case .askingLoop: try loop(asking: true)
    }
  }

  private func floor() throws -> Double {
    let folder = try workspace.fresh()
    let seconds = try ChildProcess.output(of: [options.programs.floor, folder + "/floor.db", String(dates)])
    guard let seconds = Double(seconds.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw BenchFailure("the floor printed `\(seconds)`")
    }
    return Double(dates) / seconds
  }

  private func backfilld(_ lines: String...) throws -> Double {
    let window = WindowFile(name: "rate", dates: dates, lines: lines)
    let daemon = try Daemon(options.programs, on: Stage(workspace, windows: [window.name: window.text]))
    let seconds = try daemon.run(window)
    try daemon.stop()
    return Double(dates) / seconds
  }

  private func parallel() throws -> Double {
    let folder = try workspace.fresh()
    let list = (0..<dates).map { WindowFile.date(14_610 + $0) + "\n" }.joined()
    try Data(list.utf8).write(to: URL(fileURLWithPath: folder + "/dates"))
    let command = [
      "parallel", "-j1", "--joblog", folder + "/joblog", "--resume", "/bin/true", "::::", folder + "/dates",
    ]
    let seconds = try ChildProcess(command, environment: ["HOME": folder]).succeed()
    return Double(dates) / seconds
  }

  private func loop(asking: Bool = false) throws -> Double {
    let database = try workspace.fresh() + "/loop.db"
    let table = "CREATE TABLE dates (date INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT"
    try ChildProcess(["sqlite3", database, "PRAGMA journal_mode = WAL; \(table)"]).succeed()
    let question = """
      [ -n "$(sqlite3 "$2" "SELECT 1 FROM dates WHERE date = $date")" ] && continue
      """
    let script = """
      for ((date = 0; date < $1; date++)); do
        \(asking ? question : "")
        /bin/true
        sqlite3 "$2" "PRAGMA synchronous = FULL; INSERT INTO dates VALUES ($date, 'done')" || exit 1
      done
      """
    return Double(dates) / (try ChildProcess(["bash", "-c", script, "loop", String(dates), database]).succeed())
  }
}
