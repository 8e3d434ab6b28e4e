import Testing

/// The units in `systemd/`, as `make install` installs them.
@Suite(.enabled(if: Command.exists("/usr/bin/systemd-analyze"), "systemd-analyze is not there"))
struct `The units` {
  static let dropIns = ["none"] + ["devices", "docker", "files", "podman", "root", "sudo", "tell"]

  /// A folder of units in which the programs are one that is there, so that `systemd-analyze` finds them.
  private static func units(dropIn: String) throws -> Scratch {
    let scratch = try Scratch()
    let service = try Repository.text("systemd/backfilld.service").replacing("@SBINDIR@/backfilld", with: "/bin/true")
      .replacing("@BINDIR@/backfillctl", with: "/bin/true")
    try scratch.write("backfilld.service", service)
    try scratch.write("backfilld.socket", try Repository.text("systemd/backfilld.socket"))
    // The one that the drop-in for telling names.
    try scratch.write("backfilld-failed.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n")
    if dropIn != "none" {
      try scratch.write(
        "backfilld.service.d/\(dropIn).conf", try Repository.text("systemd/drop-ins/\(dropIn).conf"))
    }
    return scratch
  }

  private static func analyze(_ arguments: [String], in units: Scratch) throws -> Command {
    try Command("/usr/bin/systemd-analyze", arguments, environment: ["SYSTEMD_UNIT_PATH": "\(units.path):"])
  }

  @Test func `have a drop-in for each case, and a test for each`() throws {
    #expect(try Repository.names(in: "systemd/drop-ins") == Self.dropIns.dropFirst().map { "\($0).conf" })
  }

  @Test(arguments: dropIns)
  func `are correct with each drop-in`(dropIn: String) throws {
    let units = try Self.units(dropIn: dropIn)
    let verified = try Self.analyze(["verify", "--man=no", "backfilld.service", "backfilld.socket"], in: units)
    #expect(verified.output == "")
    #expect(verified.status == 0)
  }

  @Test func `of a user is correct`() throws {
    let scratch = try Scratch()
    let service = try Repository.text("systemd/user/backfilld.service")
      .replacing("@SBINDIR@/backfilld", with: "/bin/true").replacing("@BINDIR@/backfillctl", with: "/bin/true")
    let file = try scratch.write("backfilld.service", service)
    let verified = try Command(
      "/usr/bin/systemd-analyze", ["verify", "--user", "--man=no", file], environment: ["XDG_RUNTIME_DIR": scratch.path]
    )
    #expect(verified.output == "")
  }

  /// The exposure that systemd works out for the service, in tenths.
  private static func exposure(_ dropIn: String) throws -> Int {
    let units = try Self.units(dropIn: dropIn)
    let report = try Self.analyze(["security", "--offline=yes", "--no-pager", "backfilld.service"], in: units)
    let match = try #require(report.output.firstMatch(of: /exposure level for backfilld.service: (\d+)\.(\d)/))
    return try #require(Int(match.1 + match.2))
  }

  @Test func `of the service have the exposure that is stated, and it is at most 4`() throws {
    let exposure = try Self.exposure("none")
    #expect(exposure <= 40)
    #expect(try Repository.text("docs/installing.md").contains("exposure of \(exposure / 10).\(exposure % 10)"))
  }

  @Test func `state the exposure with each drop-in`() throws {
    let rows = try Page("docs/installing.md").rows(below: "Steps that need more")
    let stated = rows.map { "\($0[0]) \($0[2])" }
    let measured = try Self.dropIns.dropFirst().map { name in
      let exposure = try Self.exposure(name)
      return "`\(name).conf` \(exposure / 10).\(exposure % 10)"
    }
    #expect(stated.sorted() == measured.sorted())
  }
}
