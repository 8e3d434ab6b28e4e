import Testing

@Suite struct `The sources` {
  @Test(arguments: ["Sources", "Tests", "Benchmarks/Sources"])
  func `have files of at most 400 lines`(folder: String) throws {
    let long = try Repository.swiftFiles(in: folder).filter { file in
      try Repository.text(file).components(separatedBy: "\n").count - 1 > 400
    }
    #expect(long == [])
  }

  @Test(arguments: [" try?", "(try?", " try!", "(try!", "fatalError(", "TODO", "FIXME"])
  func `contain no`(word: String) throws {
    #expect(try ["Sources", "Benchmarks/Sources"].flatMap { try Repository.files(in: $0) { $0.contains(word) } } == [])
  }
}

/// Invariants that are properties of the text of the sources. The others have tests of their own.
@Suite struct `The invariants` {
  @Test func `of the architecture are shown by tests that exist`() throws {
    let rows = try Page("ARCHITECTURE.md").rows(below: "Invariants")
    #expect(rows.map { $0[0] } == (1...9).map { "I\($0)" })
    let tests = try Repository.swiftFiles(in: "Tests").map(Repository.text).joined()
    for row in rows {
      let names = row[2].matches(of: /"([^"]+)"/).map { String($0.1) }
      #expect(!names.isEmpty, "\(row[0])")
      for name in names where !tests.contains("func `\(name)`(") { Issue.record("\(row[0]): no test `\(name)`") }
    }
  }

  @Test func `I4: only the writing files of the store change states`() throws {
    let files = try Repository.files { line in
      ["INSERT INTO", "UPDATE", "DELETE FROM"].contains { verb in
        ["windows", "dates", "steps", "attempts"].contains { line.contains("\(verb) \($0) ") }
      }
    }
    let names = ["Activations", "Claim", "Commit", "Decide", "DecideDates", "Recover", "Rejudge", "Rerun"]
    #expect(files == names.map { "Sources/BackfillStore/LedgerStore+\($0).swift" })
  }

  @Test func `I5: committed events reach the journal through the outbox only`() throws {
    let files = try Repository.files { $0.contains("sink.hand(over: ") }
    #expect(
      files == [
        "Sources/BackfillEngine/Engine.swift", "Sources/BackfillEngine/OutboxDrainer.swift",
        "Sources/BackfillEngine/StartUp.swift", "Sources/backfilld/Daemon.swift",
      ])
    let committed = try Repository.text("Sources/BackfillEngine/OutboxDrainer.swift")
    #expect(committed.contains("where entry.id > handedOver { sink.hand(over: entry.event, at: entry.at) }"))
    // What the loop says directly is about the ledger, the executor and the files themselves.
    let told = try Repository.swiftFiles(in: "Sources/BackfillEngine").flatMap { file in
      try Repository.text(file).matches(of: /\.tell\(\s*\.(\w+)/).map { String($0.1) }
    }
    #expect(
      Set(told) == [
        "ledgerUnavailable", "ledgerRecovered", "executorUnavailable", "executorRecovered", "configurationReloaded",
        "reloadRefused", "settingsKept", "windowRemoved",
      ])
  }

  @Test func `I6: READY is said in one place`() throws {
    #expect(try Repository.files { $0.contains(".ready()") } == ["Sources/backfilld/Readiness.swift"])
  }

  @Test func `I7: one file reads the wall clock, one folder reads zone files`() throws {
    let clocks = try Repository.files { line in
      ["CLOCK_REALTIME", "gettimeofday", " Date()", "Date.now", "time(nil)", "SuspendingClock", "ContinuousClock"]
        .contains { line.contains($0) }
    }
    #expect(
      clocks == ["Sources/BackfillHost/Time/KernelTimers.swift", "Sources/backfillctl/Terminal/Console.swift"])
    let zones = try Repository.files { $0.contains("zoneinfo") && !$0.contains("///") }
    #expect(
      zones.allSatisfy {
        $0.hasPrefix("Sources/BackfillHost/Zones/") || $0 == "Sources/backfillctl/Terminal/ZoneFiles.swift"
      }, "\(zones)")
  }
}
