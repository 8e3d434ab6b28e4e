import BackfillCore

extension DoctorView {
  /// A daemon that is well.
  public static var well: DoctorView { well() }

  /// The same, but for what is given.
  public static func well(
    version: String = "0.1.0", freeBytes: Int64? = 5 << 30,
    ledger: LedgerCheckup? = .sound(), reason: String? = nil, zone: String = "UTC",
    configDirectory: String = "/etc/backfilld", runtimeDirectory: String = "/run/backfilld",
    windows: [WindowFirings]? = nil
  ) -> DoctorView {
    DoctorView(
      version: version,
      daemon: DaemonFacts(
        user: "backfilld", pid: 7, configDirectory: configDirectory, stateDirectory: "/var/lib/backfilld",
        runtimeDirectory: runtimeDirectory, freeBytes: freeBytes),
      ledger: ledger, reason: reason,
      windows: windows ?? [
        WindowFirings(
          window: "flights", state: .active, zone: zone, isScheduled: true, last: Instant(seconds: 1_360_216_800),
          next: Instant(seconds: 1_360_303_200))
      ])
  }
}

extension LedgerCheckup {
  public static func sound(
    bytes: Int64 = 1 << 20, problems: [String] = [], orphans: Int = 0, pragmas: [String: String] = [:]
  ) -> LedgerCheckup {
    let right = ["application_id": "1650879588", "foreign_keys": "1", "journal_mode": "wal", "synchronous": "2"]
    return LedgerCheckup(
      file: "/var/lib/backfilld/backfilld.db", bytes: bytes, version: 1, problems: problems, orphans: orphans,
      pragmas: right.merging(pragmas) { $1 })
  }
}
