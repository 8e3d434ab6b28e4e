import BackfillCore
import BackfillTestKit
import Testing

/// What `doctor` makes of what was found.
struct DoctorTests {
  private static let socket = "/run/backfilld/control.sock"
  typealias Place = DoctorFacts.Place

  private static func facts(
    _ answer: DoctorFacts.Answer = .answered(.well), configuration: DoctorFacts.Configuration = .read([]),
    places: [Place]? = nil,
    hasZoneFolder: Bool = true, unreadableZones: [String] = [], isClockSynchronised: Bool? = true,
    journal: DoctorFacts.Journal = .persistent,
    lingering: DoctorFacts.Lingering = .notNeeded, isWSL: Bool = false, hasSystemd: Bool = true
  ) -> DoctorFacts {
    DoctorFacts(
      toolVersion: "0.1.0", socket: socket, answer: answer, configuration: configuration,
      configurationFolder: "/etc/backfilld",
      places: places ?? [
        Place(role: .configuration, path: "/etc/backfilld", mode: 0o755, owner: "root"),
        Place(role: .state, path: "/var/lib/backfilld", mode: 0o750, owner: "backfilld"),
        Place(role: .runtime, path: "/run/backfilld", mode: 0o755, owner: "backfilld"),
        Place(role: .socket, path: socket, mode: 0o660, owner: "root"),
      ], zoneFolder: "/usr/share/zoneinfo", hasZoneFolder: hasZoneFolder, unreadableZones: unreadableZones,
      isClockSynchronised: isClockSynchronised, journal: journal, lingering: lingering, isWSL: isWSL,
      hasSystemd: hasSystemd)
  }

  private static func lines(_ facts: DoctorFacts, _ check: DoctorFinding.Check? = nil) -> [String] {
    facts.findings { instant, zone in "\(instant) \(zone)" }.filter { check == nil || $0.check == check }.map {
      "\($0.level) \($0.check): \($0.found)\($0.advice.map { " -> \($0)" } ?? "")"
    }
  }

  @Test func `a machine that is well has a line for each check, and nothing to do`() {
    #expect(
      Self.lines(Self.facts()) == [
        "ok daemon: backfilld 0.1.0 answers at /run/backfilld/control.sock (pid 7, user backfilld)",
        "ok configuration: /etc/backfilld: nothing wrong",
        "ok permissions: /etc/backfilld, /var/lib/backfilld, /run/backfilld, /run/backfilld/control.sock",
        "ok ledger: /var/lib/backfilld/backfilld.db, 1.0 MiB, version 1: sound; each commit is synced "
          + "(journal_mode wal, synchronous full)",
        "ok room: 5.0 GiB free in /var/lib/backfilld, for a ledger of 1.0 MiB",
        "ok clock: synchronised",
        "ok zones: /usr/share/zoneinfo has every zone that windows use",
        "ok journal: kept on the disk: it is there after a reboot",
        "ok lingering: not needed: the daemon is no service of a user's session",
        "ok wsl: this is not WSL",
        "ok window: flights: last firing 2013-02-07T06:00:00Z UTC, next 2013-02-08T06:00:00Z UTC",
      ])
    #expect(Self.facts().findings(stamp: { _, _ in "" }).filter(\.wantsAttention) == [])
  }

  @Test func `without a daemon what only it can see is unknown`() {
    let lines = Self.lines(Self.facts(.silent("nobody answers at /run/x")))
    #expect(
      lines.filter { !$0.hasPrefix("ok") } == [
        "error daemon: nobody answers at /run/x -> systemctl status backfilld; journalctl -u backfilld -p warning",
        "unknown ledger: not looked at: no daemon answers", "unknown room: not looked at: no daemon answers",
        "unknown window: not looked at: no daemon answers",
      ])
  }

  static let views: [(view: DoctorView, check: DoctorFinding.Check, line: String)] = [
    (
      .well(version: "0.2.0"), .daemon,
      "warning daemon: backfilld 0.2.0 answers at /run/backfilld/control.sock, and this is backfillctl 0.1.0 -> "
        + "systemctl restart backfilld, so that both are of one version"
    ),
    (
      .well(freeBytes: 63 << 20), .room,
      "warning room: 63.0 MiB free in /var/lib/backfilld, for a ledger of 1.0 MiB -> make room: 64.0 MiB at least; on a "
        + "full disk no date starts, and an upgrade copies the ledger"
    ),
    (
      .well(freeBytes: 150 << 20, ledger: .sound(bytes: 100 << 20)), .room,
      "warning room: 150.0 MiB free in /var/lib/backfilld, for a ledger of 100.0 MiB -> make room: 200.0 MiB at least; "
        + "on a full disk no date starts, and an upgrade copies the ledger"
    ),
    (
      .well(freeBytes: 0), .room,
      "error room: 0 bytes free in /var/lib/backfilld, for a ledger of 1.0 MiB -> make room: 64.0 MiB at least; on a "
        + "full disk no date starts, and an upgrade copies the ledger"
    ),
    (.well(freeBytes: nil), .room, "unknown room: the daemon cannot see it"),
    (
      .well(ledger: nil, reason: "the disk is full"), .ledger,
      "error ledger: the disk is full -> docs/runbook.md, in the package below /usr/share/doc/backfilld: \"The ledger cannot be opened\""
    ),
    (
      .well(ledger: .sound(problems: ["row 1 missing from index x"], orphans: 2)), .ledger,
      "error ledger: /var/lib/backfilld/backfilld.db is damaged: row 1 missing from index x; 2 rows refer to others that "
        + "are not there -> docs/runbook.md, in the package below /usr/share/doc/backfilld: \"Restoring a backup\""
    ),
    (
      .well(ledger: .sound(pragmas: ["synchronous": "1", "journal_mode": "delete"])), .ledger,
      "error ledger: /var/lib/backfilld/backfilld.db: journal_mode is delete, not wal; synchronous is 1, not 2 -> "
        + "systemctl restart backfilld; another program has changed the ledger"
    ),
    (
      .well(windows: [
        WindowFirings(window: "nba", state: .paused, zone: "UTC", isScheduled: false, last: nil, next: nil)
      ]), .window, "ok window: nba (paused): never fired, no schedule, it runs only by hand"
    ),
    (
      .well(windows: [
        WindowFirings(window: "nba", state: .complete, zone: "UTC", isScheduled: true, last: nil, next: nil)
      ]), .window, "ok window: nba (complete): never fired, no further one"
    ),
    (
      .well(windows: [
        WindowFirings(
          window: "nba", state: .active, zone: "UTC", isScheduled: false, last: nil, next: nil,
          missed: MissedNight(firing: Instant(seconds: 0), reason: "its time was over"))
      ]), .window,
      "warning window: nba: never fired, no schedule, it runs only by hand; missed the firing of "
        + "1970-01-01T00:00:00Z UTC: its time was over -> backfillctl resume nba --now, if the next firing is too late"
    ),
  ]

  @Test(arguments: views)
  func `what the daemon says has its line`(view: DoctorView, check: DoctorFinding.Check, line: String) {
    #expect(Self.lines(Self.facts(.answered(view)), check) == [line])
  }

  static let machines: [(facts: DoctorFacts, check: DoctorFinding.Check, line: String)] = [
    (
      facts(configuration: .unreadable), .configuration,
      "unknown configuration: /etc/backfilld cannot be read by this user -> ask again as root"
    ),
    (
      facts(configuration: .missing), .configuration,
      "error configuration: /etc/backfilld is not there -> "
        + "make it, with a folder windows.d, then: backfillctl reload"
    ),
    (
      facts(configuration: .read(["w.yaml:1:1: unknown key `x`"])), .configuration,
      "error configuration: w.yaml:1:1: unknown key `x` -> correct the file, then: backfillctl reload"
    ),
    (
      facts(hasZoneFolder: false), .zones, "error zones: /usr/share/zoneinfo is not there -> apt install tzdata"
    ),
    (
      facts(unreadableZones: ["America/New_York"]), .zones,
      "error zones: /usr/share/zoneinfo has no America/New_York, which windows use -> apt install tzdata tzdata-legacy"
    ),
    (
      facts(isClockSynchronised: false), .clock,
      "warning clock: not synchronised: a night may begin at the wrong time, and again when the clock is put right -> "
        + "enable systemd-timesyncd or chrony; timedatectl shows it"
    ),
    (
      facts(isClockSynchronised: nil), .clock, "unknown clock: the kernel does not say whether it is synchronised"
    ),
    (
      facts(journal: .volatile), .journal,
      "warning journal: kept in memory: what happened before a reboot cannot be read after it -> "
        + "mkdir /var/log/journal && systemctl restart systemd-journald"
    ),
    (
      facts(journal: .none), .journal,
      "warning journal: switched off (Storage=none): nothing that happens can be read later -> "
        + "Storage=persistent in /etc/systemd/journald.conf, then: systemctl restart systemd-journald"
    ),
    (
      facts(journal: .absent), .journal,
      "warning journal: there is no systemd: events and the output of steps go to the daemon's standard error -> "
        + "send standard error to a file that is kept"
    ),
    (
      facts(lingering: .on(user: "ann")), .lingering, "ok lingering: on for ann: the daemon runs without a login"
    ),
    (
      facts(lingering: .off(user: "ann")), .lingering,
      "error lingering: off for ann: the daemon ends with the last session, and does not start at boot -> "
        + "loginctl enable-linger ann"
    ),
    (
      facts(isWSL: true, hasSystemd: false), .wsl,
      "error wsl: this is WSL without systemd: nothing starts the daemon, and it ends with the terminal -> "
        + "`[boot] systemd=true` in /etc/wsl.conf, then `wsl --shutdown` in Windows"
    ),
    (
      facts(isWSL: true), .wsl,
      "warning wsl: this is WSL: Windows ends the instance some seconds after the last terminal, and with it every "
        + "night's work -> in %UserProfile%\\.wslconfig: `instanceIdleTimeout=-1` under [general] and "
        + "`vmIdleTimeout=-1` under [wsl2]; let Windows start the instance at logon"
    ),
  ]

  @Test(arguments: machines)
  func `what the machine is like has its line`(facts: DoctorFacts, check: DoctorFinding.Check, line: String) {
    #expect(Self.lines(facts, check) == [line])
  }

  static let places: [(place: Place, line: String)] = [
    (
      Place(role: .configuration, path: "/c", mode: 0o777, owner: "root"),
      "error permissions: /c (mode 0777) may be written by everyone, who so runs commands as backfilld -> chmod go-w /c"
    ),
    (
      Place(role: .configuration, path: "/c", mode: 0o775, owner: "root"),
      "warning permissions: /c (mode 0775) may be written by its group, who so runs commands as backfilld -> "
        + "chmod go-w /c"
    ),
    (
      Place(role: .configuration, path: "/c", mode: 0o755, owner: "ann"),
      "warning permissions: /c belongs to ann, who so runs commands as backfilld -> chown root /c"
    ),
    (
      Place(role: .state, path: "/s", mode: 0o755, owner: "backfilld"),
      "warning permissions: /s (mode 0755) is open to everyone, and the output of steps in it may hold secrets -> "
        + "chmod o= /s"
    ),
    (
      Place(role: .runtime, path: "/r", mode: 0o777, owner: "backfilld"),
      "error permissions: /r (mode 0777) may be written by everyone, who so could take the socket's place -> chmod o-w /r"
    ),
    (
      Place(role: .runtime, path: "/r", mode: 0o750, owner: "backfilld"),
      "warning permissions: /r (mode 0750) keeps the users of steps away from their reports -> chmod o+x /r"
    ),
    (
      Place(role: .socket, path: "/x", mode: 0o666, owner: "root"),
      "warning permissions: /x (mode 0666) answers everyone on this machine -> chmod 0660 /x, unless this is meant"
    ),
    (
      Place(role: .state, path: "/s", mode: nil, owner: ""),
      "warning permissions: /s is not there, or cannot be seen by this user -> ask again as root"
    ),
    (Place(role: .configuration, path: "/c", mode: 0o755, owner: "backfilld"), "ok permissions: /c"),
    (Place(role: .state, path: "/s", mode: 0o700, owner: "backfilld"), "ok permissions: /s"),
  ]

  @Test(arguments: places)
  func `who may read and write has its line`(place: Place, line: String) {
    #expect(Self.lines(Self.facts(places: [place]), .permissions) == [line])
  }
}
