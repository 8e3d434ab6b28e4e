import BackfillCore
import Foundation
import Testing

@Suite struct `The reference of the configuration` {
  @Test func `has a row for every key that a reader knows`() throws {
    let rows = try Page("docs/configuration.md").firstCells.flatMap(\.spans).map(Self.lastName)
    #expect(try Self.keys(/(?:keys: ?|let known = )\[([^\]:]+)\]/).subtracting(rows).sorted() == [])
  }

  @Test func `names every key of a later version`() throws {
    let spans = try Page("docs/configuration.md").codeSpans.map(Self.lastName)
    #expect(try Self.keys(/later(?:: ?| = )\[([^\]:]+)\]/).subtracting(spans).sorted() == [])
  }

  @Test func `has error texts that a test of the reader expects`() throws {
    let tests = try Repository.swiftFiles(in: "Tests/BackfillConfigTests").map(Repository.text).joined()
      .replacing("\\\"", with: "\"")
    let examples = try Page("docs/configuration.md").quotedSpans
    #expect(examples.count >= 30)
    #expect(examples.filter { !tests.contains(":\($0)\"") } == [])
  }

  /// The texts in the lists that `pattern` finds in the readers.
  private static func keys(_ pattern: Regex<(Substring, Substring)>) throws -> Set<String> {
    var keys: Set<String> = []
    for file in try Repository.swiftFiles(in: "Sources/BackfillConfig") {
      for list in try Repository.text(file).matches(of: pattern) {
        keys.formUnion(list.1.matches(of: /"(\w+)"/).map { String($0.1) })
      }
    }
    #expect(keys.count > 3)
    return keys
  }

  /// `rho` of `failures.rho`.
  private static func lastName(_ key: String) -> String {
    String(key.split(separator: ".").last ?? "")
  }
}

@Suite struct `The reference of the control API` {
  @Test func `has every route`() throws {
    let page = try Repository.text("docs/api.md")
    let routes = try Repository.text("Sources/BackfillControl/ControlRoute.swift").matches(of: /"(\/v1\/[^"]*)"/)
    #expect(routes.count >= 10)
    #expect(routes.map { String($0.1) }.filter { !page.contains("`\($0)`") } == [])
  }

  @Test func `has every kind of error`() throws {
    let rows = try Page("docs/api.md").rows(below: "Errors").flatMap { $0[0].spans }
    let refusals = try Repository.text("Sources/BackfillCore/Ports/Operations.swift")
      .matches(of: /\n    case (\w+)(?: = "([a-z-]+)")?\n/).map { String($0.2 ?? $0.1) }
    let others = try Repository.text("Sources/BackfillControl/ControlError.swift")
      .matches(of: /kind: "([a-z-]+)"/).map { String($0.1) }
    #expect(Set(rows) == Set(refusals + others))
  }

  @Test func `has every key and word of an answer`() throws {
    let spans = Set(try Page("docs/api.md").codeSpans)
    let words = [
      DoctorFinding.Check.allCases.map(\.rawValue), DoctorFinding.Level.allCases.map(\.rawValue),
      ChangeRequest.Action.allCases.map(\.rawValue),
      DateState.allCases.map(\.rawValue), StepState.allCases.map(\.rawValue), WindowState.allCases.map(\.rawValue),
      Verdict.allCases.map(\.rawValue), Finding.Reason.allCases.map(\.rawValue),
      PlanDate.Why.allCases.map(\.rawValue), FailureKind.allCases.map(\.rawValue),
      FailuresRequest.Grouping.allCases.map(\.rawValue), CalendarState.allCases.map(\.rawValue),
    ].flatMap(\.self)
    let keys = try AnswerSamples.keys()
    #expect(keys.count > 60)
    #expect(keys.union(words).subtracting(spans).sorted() == [])
  }
}

@Suite struct `The table of crashes` {
  @Test func `has every fault point`() throws {
    let rows = try Page("ARCHITECTURE.md").rows(below: "Crashes")
    let named = rows.flatMap { $0[0].spans }
    #expect(FaultPoint.allCases.map(\.rawValue).filter { !named.contains($0) } == [])
  }
}

@Suite struct `The tables of states` {
  @Test func `name every state`() throws {
    let section = try #require(
      try Repository.text("ARCHITECTURE.md").components(separatedBy: "\n## ").first { $0.hasPrefix("States, ") })
    let states =
      DateState.allCases.map(\.rawValue) + StepState.allCases.map(\.rawValue) + WindowState.allCases.map(\.rawValue)
    #expect(states.filter { !section.contains($0) } == [])
  }
}
