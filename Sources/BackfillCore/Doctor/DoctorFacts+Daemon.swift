// What follows from what the daemon says of itself and its ledger.
extension DoctorFacts {
  /// Less room than this, or than twice the ledger, is a warning: an upgrade copies the ledger, and its log grows.
  public static let scarceRoom: Int64 = 64 << 20
  /// Less room than this is an error: the next chunk may fill it.
  public static let noRoom: Int64 = 8 << 20

  /// How the connection that writes must be set.
  static let wantedPragmas = [
    ("application_id", "1650879588"), ("foreign_keys", "1"), ("journal_mode", "wal"), ("synchronous", "2"),
  ]

  private static let unseen = "not looked at: no daemon answers"

  var daemonFinding: DoctorFinding {
    switch answer {
    case .silent(let why):
      return DoctorFinding(
        .daemon, .error, why,
        advice: lingering == .notNeeded
          ? "systemctl status backfilld; journalctl -u backfilld -p warning"
          : "systemctl --user status backfilld; journalctl --user -u backfilld -p warning")
    case .answered(let view):
      let who = [view.daemon.pid.map { "pid \($0)" }, view.daemon.user.map { "user \($0)" }].compactMap(\.self)
      let detail = who.isEmpty ? "" : " (\(who.joined(separator: ", ")))"
      guard view.version == toolVersion else {
        return DoctorFinding(
          .daemon, .warning, "backfilld \(view.version) answers at \(socket), and this is backfillctl \(toolVersion)",
          advice: "systemctl restart backfilld, so that both are of one version")
      }
      return DoctorFinding(.daemon, .ok, "backfilld \(view.version) answers at \(socket)\(detail)")
    }
  }

  var ledgerFinding: DoctorFinding {
    guard let view else { return DoctorFinding(.ledger, .unknown, Self.unseen) }
    guard let ledger = view.ledger else {
      return DoctorFinding(
        .ledger, .error, view.reason ?? "the ledger could not be looked at",
        advice: "docs/runbook.md, in the package below /usr/share/doc/backfilld: \"The ledger cannot be opened\"")
    }
    if !ledger.problems.isEmpty || ledger.orphans > 0 {
      let orphans = ledger.orphans > 0 ? ["\(ledger.orphans) rows refer to others that are not there"] : []
      return DoctorFinding(
        .ledger, .error, "\(ledger.file) is damaged: " + (ledger.problems + orphans).joined(separator: "; "),
        advice: "docs/runbook.md, in the package below /usr/share/doc/backfilld: \"Restoring a backup\"")
    }
    let wrong = Self.wantedPragmas.filter { ledger.pragmas[$0.0] != $0.1 }
    guard wrong.isEmpty else {
      let words = wrong.map { "\($0.0) is \(ledger.pragmas[$0.0] ?? "not known"), not \($0.1)" }
      return DoctorFinding(
        .ledger, .error, "\(ledger.file): " + words.joined(separator: "; "),
        advice: "systemctl restart backfilld; another program has changed the ledger")
    }
    return DoctorFinding(
      .ledger, .ok,
      "\(ledger.file), \(ByteCount.text(ledger.bytes)), version \(ledger.version): sound; each commit is synced "
        + "(journal_mode wal, synchronous full)")
  }

  var roomFinding: DoctorFinding {
    guard let view else { return DoctorFinding(.room, .unknown, Self.unseen) }
    guard let free = view.daemon.freeBytes else { return DoctorFinding(.room, .unknown, "the daemon cannot see it") }
    let size = view.ledger?.bytes ?? 0
    let wanted = max(Self.scarceRoom, 2 * size)
    let place = view.daemon.stateDirectory.map { " in \($0)" } ?? ""
    let found = "\(ByteCount.text(free)) free\(place), for a ledger of \(ByteCount.text(size))"
    guard free < wanted else { return DoctorFinding(.room, .ok, found) }
    return DoctorFinding(
      .room, free < Self.noRoom ? .error : .warning, found,
      advice:
        "make room: \(ByteCount.text(wanted)) at least; on a full disk no date starts, and an upgrade copies the ledger"
    )
  }

  func windowFindings(stamp: (Instant, String) -> String) -> [DoctorFinding] {
    guard let view else { return [DoctorFinding(.window, .unknown, Self.unseen)] }
    return view.windows.map { window in
      let last = window.last.map { "last firing \(stamp($0, window.zone))" } ?? "never fired"
      let next =
        if let next = window.next {
          "next \(stamp(next, window.zone))"
        } else {
          window.isScheduled ? "no further one" : "no schedule, it runs only by hand"
        }
      let state = window.state == .active ? "" : " (\(window.state.rawValue))"
      let found = "\(window.window)\(state): \(last), \(next)"
      guard let missed = window.missed else { return DoctorFinding(.window, .ok, found) }
      return DoctorFinding(
        .window, .warning, "\(found); missed the firing of \(stamp(missed.firing, window.zone)): \(missed.reason)",
        advice: "backfillctl resume \(window.window) --now, if the next firing is too late")
    }
  }
}
