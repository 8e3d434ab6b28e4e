import BackfillCore
import Foundation
import Testing

/// Compares with zdump(8), the C library's own reader of the same files.
@Suite("Zones against zdump", .enabled(if: Program.zdump.isInstalled, "zdump is not installed"))
struct ZoneReferenceTests {
  @Test func `a zone's transitions up to 2199 are where zdump has them`() throws {
    // zdump takes long: one zone in twenty, and those whose rules are special.
    let special = ["Europe/Dublin", "America/Nuuk", "Africa/Casablanca", "Pacific/Apia", "Australia/Lord_Howe"]
    let names = special + stride(from: 0, to: SystemZones.names.count, by: 20).map { SystemZones.names[$0] }
    let output = try Program.zdump.output(["-v", "-c", "1800,2200"] + names)
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    var zone = Zone.utc
    var compared = 0
    let lines = output.utf8.split(separator: UInt8(ascii: "\n"))
    // Two lines a transition: an odd step meets both sides in turn.
    for index in stride(from: 0, to: lines.count, by: 5) {
      let line = String(decoding: lines[index], as: UTF8.self)
      // NAME Sun Mar  9 07:00:00 2036 UT = Sun Mar  9 03:00:00 2036 EDT isdst=1 gmtoff=-14400
      let words = line.split(separator: " ")
      guard words.count == 16, let month = months.firstIndex(of: String(words[2])), let day = Int(words[3]) else {
        continue
      }
      if zone.name != words[0] { zone = try SystemZones.zone(String(words[0])) }
      let iso = "\(words[5])-\(two(month + 1))-\(two(day))T\(words[4])Z"
      let instant = try #require(Instant(iso: iso))
      if zone.offset(at: instant) != Int(words[15].dropFirst("gmtoff=".count)) { Issue.record("\(line)") }
      if zone.abbreviation(at: instant) != words[13] { Issue.record("\(line)") }
      compared += 1
    }
    #expect(compared > 1000)
  }

  private func two(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}

/// A program of the machine that answers what ours answers.
struct Program: Sendable {
  let path: String

  static let zdump = Program(path: "/usr/bin/zdump")

  var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

  /// Runs the program and returns what it wrote to standard output.
  func output(_ arguments: [String], environment: [String: String] = [:]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = environment
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
