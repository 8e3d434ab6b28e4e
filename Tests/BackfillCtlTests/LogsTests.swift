import ArgumentParser
import Foundation
import Testing

@testable import backfillctl

/// What becomes of `logs`: the call of journalctl, and what is said where there is none.
@Suite(.timeLimit(.minutes(1)))
struct LogsTests {
  @Test(arguments: [
    (["logs", "flights"], "journalctl BACKFILL_WINDOW=flights\n"),
    (["logs", "flights", "--user"], "journalctl --user BACKFILL_WINDOW=flights\n"),
    (
      ["logs", "flights", "2013-02-08", "--step", "load", "-f"],
      "journalctl --follow BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08 BACKFILL_STEP=load\n"
    ),
    (
      ["logs", "a b", "--step", "it's", "--directory", "/tmp/x y"],
      "journalctl '--directory=/tmp/x y' BACKFILL_WINDOW='a b' BACKFILL_STEP='it'\\''s'\n"
    ),
  ])
  func `the command can be printed instead`(arguments: [String], line: String) async throws {
    let end = try await run(arguments + ["--print"])
    #expect(end.output == line)
    #expect(end.errors == "")
    #expect(end.status == 0)
  }

  @Test func `it becomes journalctl, with the matches as arguments`() async throws {
    let folder = try Folder()
    try folder.write("system.journal", "")
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/journalctl", withDestinationPath: "/bin/echo")
    let end = try await run(
      ["logs", "flights", "2013-02-08", "-f", "--directory", folder.path], environment: ["PATH": folder.path])
    #expect(end.errors == "")
    #expect(end.output == "--directory=\(folder.path) --follow BACKFILL_WINDOW=flights BACKFILL_DATE=2013-02-08\n")
    #expect(end.status == 0)
  }

  @Test func `a machine without journalctl is said, exit status 1`() async throws {
    let end = try await run(["logs", "flights"], environment: ["PATH": "/nonexistent"])
    #expect(end.status == 1)
    #expect(
      end.errors == "backfillctl: there is no journalctl on this machine: without systemd backfilld writes its events "
        + "to standard error\n")
  }

  @Test func `a journal that is not there is said`() {
    #expect(
      JournalAccess.trouble(in: ["/nonexistent/a", "/nonexistent/b"])
        == "there is no journal at /nonexistent/a or /nonexistent/b: without journald backfilld writes its events to "
        + "standard error")
  }

  @Test(arguments: ["", "0a1b/", "0a1b/user-1000.journal", "notes.txt"])
  func `a folder without a journal of the system is none`(name: String) throws {
    let folder = try Folder()
    if !name.isEmpty { try folder.write(name.hasSuffix("/") ? name + "empty" : name, "") }
    #expect(
      JournalAccess.trouble(in: [folder.path, "/nonexistent/b"])
        == "there is no journal at \(folder.path) or /nonexistent/b: without journald backfilld writes its events to "
        + "standard error")
  }

  @Test func `a folder that is named needs a journal, whose it may be`() throws {
    let folder = try Folder()
    #expect(JournalAccess.trouble(in: [folder.path], of: .named) == "there is no journal at \(folder.path)")
    try folder.write("0a1b/user-1000@1-2.journal", "")
    #expect(JournalAccess.trouble(in: [folder.path], of: .named) == nil)
  }

  @Test func `the journal of a user's own daemon is read by that user`() throws {
    let folder = try Folder()
    try folder.write("0a1b/user-1000.journal", "")
    #expect(JournalAccess.trouble(in: [folder.path], of: .user) { _ in false } == nil)
    #expect(
      JournalAccess.trouble(in: ["/nonexistent/a"], of: .user)
        == "there is no journal at /nonexistent/a: without journald backfilld writes its events to standard error")
  }

  @Test func `a folder that cannot be listed is not said to have no journal`() throws {
    let folder = try Folder()
    try folder.write("0a1b/empty", "")
    #expect(
      JournalAccess.trouble(in: [folder.path]) { !$0.hasSuffix("/0a1b") }
        == "the journal in \(folder.path) cannot be read: members of the group `systemd-journal` (or `adm`) and root may "
        + "(id -nG shows your groups)")
  }

  @Test func `a folder without a journal is said, exit status 1, and journalctl is not asked`() async throws {
    let folder = try Folder()
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/journalctl", withDestinationPath: "/bin/echo")
    let end = try await run(["logs", "flights", "--directory", folder.path], environment: ["PATH": folder.path])
    #expect(end.status == 1)
    #expect(end.output == "")
    #expect(end.errors == "backfillctl: there is no journal at \(folder.path)\n")
  }

  static let unknown: [(arguments: [String], message: String)] = [
    (["nope"], "no window `nope`; there is flights"),
    (["flights", "2020-01-01"], "`flights` does not cover 2020-01-01"),
    (["flights", "--step", "lod"], "`flights` has no step `lod`; did you mean `load`?"),
    (
      ["flights", "2013-02-08", "--step", "x"],
      "`flights` has no step `x`; there are `load`, `cancellations`, `routes`, `summary`"
    ),
  ]

  @Test(arguments: unknown)
  func `what the daemon does not know is exit status 4`(arguments: [String], message: String) async throws {
    let end = try await withDaemon { try await run(["logs"] + arguments + ["--socket", $0]) }
    #expect(end.status == 4)
    #expect(end.output == "")
    #expect(end.errors == "backfillctl: \(message)\n")
  }

  @Test(arguments: [
    ["flights"], ["flights", "2013-02-08"], ["flights", "--step", "routes"], ["flights", "--step", "preflight"],
    ["flights", "--step", "calendar"], ["broken"], ["old"], ["broken", "2013-02-08", "--step", "x"],
  ])
  func `what the daemon knows, or knew, is looked for in the journal`(arguments: [String]) async throws {
    try await withDaemon { path in
      try await LogsCommand.parse(arguments + ["--socket", path]).checkKnown()
    }
  }

  @Test func `without a daemon the journal is all there is`() async throws {
    try await LogsCommand.parse(["nope", "--socket", "/nonexistent/control.sock"]).checkKnown()
  }

  @Test func `the journal of a folder is not the daemon's to know`() async throws {
    try await withDaemon { path in
      try await LogsCommand.parse(["nope", "--socket", path, "--directory", "/tmp"]).checkKnown()
    }
  }

  @Test func `a journal that this person may not read names the group`() throws {
    let folder = try Folder()
    try folder.write("0a1b/system.journal", "")
    try folder.write("0a1b/user-1000.journal", "")
    let trouble = JournalAccess.trouble(in: [folder.path]) { !$0.hasSuffix("/system.journal") }
    #expect(
      trouble == "the journal in \(folder.path) cannot be read: members of the group `systemd-journal` (or `adm`) and "
        + "root may (id -nG shows your groups)")
    #expect(JournalAccess.trouble(in: [folder.path]) { _ in true } == nil)
  }
}

/// A folder of its own, removed with everything in it.
private final class Folder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("backfillctl-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
  }

  func write(_ name: String, _ text: String) throws {
    let file = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}
