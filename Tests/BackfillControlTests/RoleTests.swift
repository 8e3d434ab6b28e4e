import BackfillControl
import BackfillCore
import Testing

/// Who may do what.
struct RoleTests {
  private static let day = CivilDate(daysSinceEpoch: 15_744)

  @Test func `every role and every route: the whole table`() {
    let table = ControlRoute.allCases.map { route in
      "\(route.rawValue): " + Role.allCases.filter { $0.may(route.permission) }.map(\.rawValue).joined(separator: " ")
    }
    #expect(
      table == [
        "status: guest member owner",
        "windowStatus: guest member owner",
        "show: guest member owner",
        "showDate: guest member owner",
        "plan: guest member owner",
        "failures: guest member owner",
        "validate: member owner",
        "run: member owner",
        "change: member owner",
        "rerun: member owner",
        "importDone: member owner",
        "pause: member owner",
        "resume: member owner",
        "pauseAll: member owner",
        "resumeAll: member owner",
        "reload: member owner",
        "backup: owner",
        "doctor: guest member owner",
      ])
  }

  private static let bodies: [ControlRoute: String] = [
    .validate: #"{"apply":true}"#,
    .run: #"{"dates":[{"from":"2013-02-08","to":"2013-02-08"}]}"#,
    .change: #"{"action":"retry","dates":[{"from":"2013-02-08","to":"2013-02-08"}]}"#,
    .rerun: #"{"dates":[{"from":"2013-02-08","to":"2013-02-08"}]}"#,
    .importDone: #"{"dates":["2013-02-08"]}"#,
    .backup: #"{"file":"/var/backups/b.db"}"#,
  ]

  @Test(arguments: ControlRoute.allCases)
  func `a request that changes something needs what its route says`(route: ControlRoute) throws {
    let call = try ControlCall(
      route, values: ["window": "w", "date": "2013-02-08"], body: Array((Self.bodies[route] ?? "").utf8))
    #expect(call.permission == route.permission)
  }

  @Test(arguments: [
    (ControlRoute.validate, #"{"apply":false}"#), (.validate, "{}"),
    (.run, #"{"dates":[{"from":"2013-02-08","to":"2013-02-08"}],"dry_run":true}"#),
    (.rerun, #"{"dates":[{"from":"2013-02-08","to":"2013-02-08"}],"dry_run":true}"#),
    (.importDone, #"{"dates":["2013-02-08"],"dry_run":true}"#),
  ])
  func `a request that only looks needs no more than to look`(route: ControlRoute, body: String) throws {
    let call = try ControlCall(route, values: ["window": "w"], body: Array(body.utf8))
    #expect(call.permission == .read)
  }

  /// User, groups, the operators' group.
  @Test(
    arguments: [
      (0, [0], 997, Role.owner), (990, [990], 997, .owner), (1000, [1000, 997], 997, .member),
      (1000, [997], 997, .member),
      (1000, [1000, 4], 997, .guest), (1000, [1000], nil, .guest), (nil, [997], 997, .guest), (1000, [], 997, .guest),
    ] as [(UInt32?, [UInt32], UInt32?, Role)])
  func `the kernel's word makes the role`(user: UInt32?, groups: [UInt32], operators: UInt32?, role: Role) {
    #expect(Role(user: user, groups: groups, daemon: 990, operators: operators) == role)
  }

  @Test(arguments: [
    (
      ControlError.forbidden("ann", .operate, daemon: "backfilld", isListed: false),
      "`ann` may look but change nothing, only root, `backfilld` and members of the group `backfilld` may: an "
        + "administrator lets you in with `usermod -aG backfilld ann`; log in again after that"
    ),
    (
      .forbidden("ann", .operate, daemon: "root", isListed: true),
      "`ann` is in the group `backfilld` only since after this session began: log in again"
    ),
    (
      .forbidden("ann", .administer, daemon: "root", isListed: true),
      "`ann` may not do this, only root may: put `sudo` before the command"
    ),
    (
      .forbidden("ann", .administer, daemon: "backfilld", isListed: false),
      "`ann` may not do this, only root and `backfilld` may: put `sudo` before the command"
    ),
  ])
  func `who is refused reads what to do`(error: ControlError, sentence: String) {
    #expect(error.message == sentence)
    #expect(error.kind == "forbidden")
    #expect(error.status == 403)
  }
}
