import BackfillControl
import BackfillCore
import BackfillServer
import BackfillTestKit
import Glibc
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ControlServerTests {
  private static let day = DateRange(from: CivilDate(daysSinceEpoch: 15_744), to: CivilDate(daysSinceEpoch: 15_745))

  @Test func `the status comes as the daemon gave it`() async throws {
    let answer = try await withServer { try await ControlClient(socketPath: $0).status() }
    #expect(answer == FakeOperations.status)
  }

  @Test func `a window comes as the daemon gave it`() async throws {
    let answer = try await withServer { try await ControlClient(socketPath: $0).show("flights") }
    #expect(answer == FakeOperations.view)
  }

  @Test func `every call arrives with its values and the name of the user who asks`() async throws {
    let operations = FakeOperations()
    try await withServer(operations) { path in
      let client = ControlClient(socketPath: path)
      _ = try await client.status()
      _ = try await client.status(of: "flights")
      _ = try await client.show("flights")
      _ = try await client.show("a b/c%ü", date: Self.day.from)
      _ = try await client.plan(PlanRequest(window: "flights"))
      _ = try await client.plan(PlanRequest(window: "a b", nights: 3))
      _ = try await client.failures(FailuresRequest(window: "flights", by: .week))
      _ = try await client.validate(ValidationRequest(window: "flights"))
      _ = try await client.validate(
        ValidationRequest(window: "flights", dates: [Self.day], isApplied: true, reason: "wider"))
      _ = try await client.backup(to: "/var/backups/b.db")
      _ = try await client.doctor()
      _ = try await client.run(RunRequest(window: "flights", dates: [Self.day], isDryRun: true))
      _ = try await client.run(RunRequest(window: "flights", dates: [Self.day], step: "load", reason: "new\nfeed"))
      _ = try await client.run(RunRequest(window: "flights", dates: [Self.day]))
      _ = try await client.change(
        ChangeRequest(window: "flights", action: .accept, dates: [Self.day], reason: "blizzard"))
      _ = try await client.change(ChangeRequest(window: "flights", action: .retry, dates: [Self.day, Self.day]))
      _ = try await client.change(ChangeRequest(window: "flights", action: .skip, dates: [Self.day], reason: "no"))
      _ = try await client.rerun(
        RerunRequest(
          window: "flights", dates: [Self.day], step: "load", downstream: true, reason: "late", dryRun: true,
          confirmed: RerunCount(dates: 2, steps: 7)))
      _ = try await client.rerun(RerunRequest(window: "flights", dates: [Self.day]))
      _ = try await client.importDone(
        ImportRequest(window: "flights", dates: [Self.day.from, Self.day.to], reason: "cron", dryRun: true))
      // A hundred years: more than the body of another request may have.
      _ = try await client.importDone(
        ImportRequest(window: "flights", dates: (0..<36_525).map { CivilDate(daysSinceEpoch: $0) }))
      _ = try await client.pause(PauseRequest(window: "flights", reason: "lunch"))
      _ = try await client.pause(PauseRequest(window: nil))
      _ = try await client.resume(ResumeRequest(window: "flights", now: true, reason: "back"))
      _ = try await client.resume(ResumeRequest(window: nil))
    }
    let me = currentUserName()
    #expect(
      await operations.asked == [
        "status -",
        "status flights",
        "show flights -",
        "show a b/c%ü 2013-02-08",
        "plan flights -",
        "plan a b 3",
        "failures flights week",
        "validate flights all apply=false - by \(me)",
        "validate flights 2013-02-08..2013-02-09 apply=true wider by \(me)",
        "backup /var/backups/b.db by \(me)",
        "doctor",
        "dry run flights 2013-02-08..2013-02-09 - - by \(me)",
        #"run flights 2013-02-08..2013-02-09 load new\nfeed by \#(me)"#,
        "run flights 2013-02-08..2013-02-09 - - by \(me)",
        "accept flights 2013-02-08..2013-02-09 blizzard by \(me)",
        "retry flights 2013-02-08..2013-02-09,2013-02-08..2013-02-09 - by \(me)",
        "skip flights 2013-02-08..2013-02-09 no by \(me)",
        "rerun flights 2013-02-08..2013-02-09 load downstream=true dry=true 2/7 late by \(me)",
        "rerun flights 2013-02-08..2013-02-09 - downstream=false dry=false - - by \(me)",
        "import flights 2 dry=true cron by \(me)",
        "import flights 36525 dry=false - by \(me)",
        "pause flights lunch by \(me)",
        "pause all - by \(me)",
        "resume flights now=true back by \(me)",
        "resume all now=false - by \(me)",
      ])
  }

  @Test(arguments: [
    Refusal(.noSuchWindow, "there is no window `x`"), Refusal(.noSuchDate, "`flights` has no 2013-02-30"),
    Refusal(.refused, "2013-02-08 is not held"), Refusal(.invalid, "a reason is required"),
    Refusal(.unavailable, "the ledger is read-only"),
  ])
  func `a refusal reaches the caller word for word`(refusal: Refusal) async throws {
    await #expect(throws: ControlFailure.refused(refusal)) {
      try await withServer(FakeOperations(refusal: refusal)) { try await ControlClient(socketPath: $0).status() }
    }
  }

  @Test func `the socket has mode 0660`() async throws {
    let mode = try await withServer { path in
      var status = stat()
      try #require(lstat(path, &status) == 0)
      return status.st_mode & 0o7777
    }
    #expect(mode == 0o660)
  }

  @Test func `the socket is gone after an orderly stop`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/control.sock"
      try await withServer(FakeOperations(), socket: .path(path)) { _ in }
      #expect(access(path, F_OK) == -1)
    }
  }

  @Test func `a request under way is answered before the server stops`() async throws {
    let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
    let (stopping, stop) = AsyncStream.makeStream(of: Void.self)
    let operations = FakeOperations {
      continuation.yield()
      for await _ in stopping {}
    }
    try await withFolder { folder in
      let path = "\(folder)/control.sock"
      try await withServer(operations, socket: .path(path)) { group in
        async let answer = ControlClient(socketPath: path).status()
        for await _ in asked { break }
        await group.triggerGracefulShutdown()
        stop.finish()
        let given = try await answer
        #expect(given == FakeOperations.status)
      }
    }
  }

  @Test func `a handed over socket is served, and left where it is`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/control.sock"
      let descriptor = bound(to: path, isListening: true)
      try #require(descriptor >= 0)
      let answer = try await withServer(FakeOperations(), socket: .handedOver(descriptor)) { _ in
        try await ControlClient(socketPath: path).status()
      }
      #expect(answer == FakeOperations.status)
      #expect(access(path, F_OK) == 0)
    }
  }
}
