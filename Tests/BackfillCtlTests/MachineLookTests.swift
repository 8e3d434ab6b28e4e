import BackfillCore
import BackfillTestKit
import Foundation
import Glibc
import Testing

@testable import backfillctl

/// What `doctor` sees of a machine whose files a test has laid out.
struct MachineLookTests {
  private let folder: TemporaryFolder
  private let socket = "/run/backfilld/control.sock"

  init() throws {
    folder = try TemporaryFolder()
    for name in ["run/systemd/system", "etc/backfilld/windows.d", "var/lib/backfilld", "usr/share/zoneinfo"] {
      _ = try folder.folder(name)
    }
  }

  private func facts(_ view: DoctorView? = .well, socket: String? = nil) -> DoctorFacts {
    MachineLook(root: folder.path).facts(
      socket: socket ?? self.socket, answer: view.map { .answered($0) } ?? .silent("nobody"), machine: LocalMachine())
  }

  @Test func `an ordinary machine is no WSL and has systemd`() throws {
    try folder.write("6.1.0-18-amd64\n", to: "proc/sys/kernel/osrelease")
    #expect(!facts().isWSL)
    #expect(facts().hasSystemd)
  }

  @Test(arguments: ["5.15.90.1-microsoft-standard-WSL2\n", "4.4.0-19041-Microsoft\n"])
  func `WSL is known by its kernel`(release: String) throws {
    try folder.write(release, to: "proc/sys/kernel/osrelease")
    #expect(facts().isWSL)
  }

  @Test func `without systemd there is no journal`() throws {
    try FileManager.default.removeItem(atPath: folder.path + "/run/systemd/system")
    #expect(!facts().hasSystemd)
    #expect(facts().journal == .absent)
  }

  @Test func `the journal is kept where its folder is there`() throws {
    #expect(facts().journal == .volatile)
    _ = try folder.folder("var/log/journal")
    #expect(facts().journal == .persistent)
  }

  @Test(arguments: [
    ("[Journal]\n#Storage=auto\n", "", DoctorFacts.Journal.persistent),
    ("[Journal]\nStorage=volatile\n", "", .volatile), ("[Journal]\nStorage = none\n", "", .none),
    ("[Journal]\nStorage=none\n", "[Journal]\nStorage=persistent\n", .persistent),
  ])
  func `the last Storage= counts`(file: String, dropIn: String, journal: DoctorFacts.Journal) throws {
    _ = try folder.folder("var/log/journal")
    try folder.write(file, to: "etc/systemd/journald.conf")
    try folder.write(dropIn, to: "usr/lib/systemd/journald.conf.d/50-mine.conf")
    #expect(facts().journal == journal)
  }

  @Test func `a service of a user's session needs lingering`() throws {
    #expect(facts().lingering == .notNeeded)
    let view = DoctorView.well(runtimeDirectory: "/run/user/1000/backfilld")
    #expect(facts(view).lingering == .off(user: "backfilld"))
    try folder.write("", to: "var/lib/systemd/linger/backfilld")
    #expect(facts(view).lingering == .on(user: "backfilld"))
  }

  @Test func `zones that windows use and the machine has not are named`() throws {
    #expect(facts(.well(zone: "UTC")).unreadableZones == [])
    #expect(facts(.well(zone: "America/New_York")).unreadableZones == ["America/New_York"])
    try folder.write("no zone", to: "usr/share/zoneinfo/America/New_York")
    #expect(facts(.well(zone: "America/New_York")).unreadableZones == ["America/New_York"])
  }

  @Test func `the configuration of the daemon that answers is checked`() throws {
    #expect(facts().configuration == .read([]))
    try folder.write("dates: 3\n", to: "srv/config/windows.d/w.yaml")
    guard case .read(let findings) = facts(.well(configDirectory: "/srv/config")).configuration else {
      Issue.record("/srv/config was not read")
      return
    }
    #expect(findings.contains { $0.contains("w.yaml:1:8: `dates` must be") })
    #expect(facts(.well(configDirectory: "/nowhere")).configuration == .missing)
  }

  @Test func `folders, the socket and files open to others are seen with their modes`() throws {
    try folder.write("", to: "run/backfilld/control.sock", mode: 0o666)
    try folder.write("", to: "etc/backfilld/windows.d/open.yaml", mode: 0o666)
    try folder.write("", to: "etc/backfilld/windows.d/open2.yml", mode: 0o666)
    try folder.write("", to: "etc/backfilld/windows.d/shut.yaml", mode: 0o644)
    let places = facts().places
    let modes = Dictionary(uniqueKeysWithValues: places.map { ($0.path, $0.mode) })
    #expect(modes["/run/backfilld/control.sock"] == 0o666)
    #expect(modes["/etc/backfilld/windows.d/open.yaml"] == 0o666)
    #expect(modes["/etc/backfilld/windows.d/open2.yml"] == 0o666)
    #expect(modes["/etc/backfilld/windows.d/shut.yaml"] == nil)
    #expect(places.map(\.role).contains(.state))
  }

  @Test func `without a daemon the folders are those of the installed one`() {
    let facts = facts(nil)
    #expect(facts.configurationFolder == "/etc/backfilld")
    #expect(facts.places.contains { $0.path == "/var/lib/backfilld" && $0.mode != nil })
  }

  @Test func `a finding is a line, and what to do is below it`() {
    let lines = DoctorRendering.lines(
      [
        DoctorFinding(.wsl, .ok, "this is not WSL"),
        DoctorFinding(
          .lingering, .error, "off for ann: the daemon ends with the last session, and does not start at boot",
          advice: "loginctl enable-linger ann"),
      ], in: Surroundings(now: Instant(seconds: 0)))
    #expect(
      lines == [
        "ok       wsl            this is not WSL",
        "error    lingering      off for ann: the daemon ends with the last session, and",
        "                        does not start at boot",
        "                        -> loginctl enable-linger ann",
      ])
  }

  @Test(arguments: [
    ("/etc/backfilld", true), ("/etc/../etc/backfilld/", true), ("/etc/backfilld/windows.d/w.yaml", true),
    ("/etc", false), ("/etc/backfilld2", false), ("", false),
  ])
  func `the machine's configuration is looked at as its daemon does, which lends root to nobody`(
    path: String, isMachines: Bool
  ) {
    // Where the folder is not there, it has no other name.
    guard FileManager.default.fileExists(atPath: "/etc/backfilld") || !path.contains("..") else { return }
    #expect(LocalMachine(checking: path).stepUser == (isMachines && geteuid() == 0 ? "backfilld" : nil))
  }
}
