import BackfillCore
import BackfillTestKit

/// A window of 60 short dates whose steps look for everything that must not happen.
enum CrashWindow {
  static let name = "crash"
  static let steps = ["load", "features", "audit"]
  static let dates = (0..<60).map { day("2024-01-01").adding(days: $0) }
  /// Those that are asked for by hand; the schedule's turn gets the rest.
  static let byHand = DateRange(from: dates[0], to: dates[39])

  /// The window file; it fires by itself in half a year only. `{work}` is the stage's.
  static func file(ledger: String, firingIn month: Int) -> String {
    """
    dates: {from: 2024-01-01, to: 2024-02-29}
    schedule: {when: "0 0 1 \(month) *", timezone: UTC, missed: skip}
    max_held: 60
    parallel: {dates: 2, steps: 2}
    run: {directory: "{work}", environment: {LEDGER: "\(ledger)", WORK: "{work}"}}
    steps:
      load: {command: ["{work}/step", 1], expect: {records: ">= 1", expected: [LATE]}}
      features: {after: [load], command: ["{work}/step", 2], expect: {records: ">= 1", expected: [LATE]}}
      audit: {command: ["{work}/step", 3], expect: {records: ">= 1", expected: [LATE]}}
    """
  }

  /// One execution of one step. What it finds goes to the file `log`, a line each; the files in `locks` are held by the
  /// execution and everything it leaves behind.
  static let script = """
    #!/bin/sh
    set -u
    note() { echo "$1 $BACKFILL_DATE $BACKFILL_STEP $BACKFILL_RUN_ID" >> "$WORK/log"; }
    ledger() { sqlite3 -batch -readonly -cmd '.timeout 10000' "$LEDGER" "$1" 2>> "$WORK/problems" || echo unreadable; }
    of_step() { echo "SELECT count(*) FROM steps WHERE date = '$BACKFILL_DATE' AND step = '$1' AND state = '$2'"; }

    exec 9> "$WORK/locks/$BACKFILL_DATE.$BACKFILL_STEP"
    flock -n 9 || note CONCURRENT
    note started
    [ "$(ledger "$(of_step "$BACKFILL_STEP" running)")" = 1 ] || note UNCLAIMED
    if [ "$BACKFILL_STEP" = features ]; then
      [ "$(ledger "$(of_step load done)")" = 1 ] || note TOO_EARLY
    fi

    case $(($$ % 3)) in
      0) (trap '' TERM; exec sleep 300) & ;;
      1) setsid sh -c "trap '' TERM; exec sleep 300" & ;;
    esac
    number=$(echo "$BACKFILL_DATE" | tr -d -)
    echo "number $number"
    sleep "0.0$((30 + number % 60))"
    attempted=$((number % 1000 + $1))
    late=$((number % 7))
    echo "{\\"attempted\\": $attempted, \\"records\\": $((attempted - late)), \\"failures\\": {\\"LATE\\": $late}," \\
      "\\"metrics\\": {\\"number\\": $number}}" > "$BACKFILL_REPORT"
    """

  /// What the script reports for `step` of `date`.
  static func report(of step: String, _ date: CivilDate) -> Report {
    let number = (date.year * 100 + date.month) * 100 + date.day
    let attempted = number % 1000 + (steps.firstIndex(of: step) ?? 0) + 1
    let late = number % 7
    return Report(
      attempted: attempted, records: attempted - late, failures: ["LATE": late], metrics: ["number": Double(number)])
  }
}
