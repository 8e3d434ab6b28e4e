import BackfillTestKit
import Foundation
import Testing

/// A copy of a ledger's files, as they lie there: looking at it changes nothing of what a daemon left.
struct LedgerCopy {
  private let folder: TemporaryFolder

  /// Copies the database at `path` with its write-ahead log.
  init(of path: String) throws {
    folder = try TemporaryFolder()
    for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: folder.path + "/copy.db" + suffix)
    }
  }

  /// The rows that `sql` gives, as the sqlite3 tool prints them.
  func rows(_ sql: String) throws -> [[String]] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
    process.arguments = ["-batch", "-bail", "-separator", "\u{1F}", folder.path + "/copy.db", sql]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    let problem = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "sqlite3: \(String(decoding: problem, as: UTF8.self))")
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map { line in
      line.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// The only value that `sql` gives.
  func value(_ sql: String) throws -> String {
    try #require(try rows(sql).first?.first, "no row: \(sql)")
  }
}
