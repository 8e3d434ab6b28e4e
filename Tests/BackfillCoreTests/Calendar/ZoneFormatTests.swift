import BackfillCore
import Foundation
import Testing

@Suite("TZif files") struct ZoneFormatTests {
  @Test(arguments: [
    ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z", "EST"),
    ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", "EDT"),
    ("<+0330>-3:30", "2026-01-01T00:00:00Z", "+0330"),
    ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", "GMT"),
    ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", "IST"),
    ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", "-02"),
    ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", "-01"),
    ("XXX3EDT4,0/0,J365/23", "2026-01-01T03:00:00Z", "EDT"), ("XXX3EDT4,0/0,J365/23", "2026-12-31T23:30:00Z", "EDT"),
    ("AAA0BBB,J60/0,J61/0", "2024-03-01T00:00:00Z", "BBB"), ("AAA0BBB,J60/0,J61/0", "2024-02-29T23:59:59Z", "AAA"),
    ("AAA0BBB,59/0,60/0", "2024-02-29T00:00:00Z", "BBB"), ("AAA0BBB,59/0,60/0", "2023-03-01T00:00:00Z", "BBB"),
    ("AAA0BBB,M1.1.1/-167,M2.1.1", "2023-12-25T12:00:00Z", "BBB"),
    ("AAA0BBB,M1.1.1/167:59:59,M2.1.1", "2024-01-07T23:59:59Z", "BBB"),
    ("AAA0BBB,M1.1.1/167:59:59,M2.1.1", "2024-01-07T23:59:58Z", "AAA"),
    ("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-01-01T00:00:00Z", "NZDT"),
    ("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-07-01T00:00:00Z", "NZST"),
  ])
  func `the rule at the end of a file decides`(_ footer: String, _ instant: String, _ abbreviation: String) throws {
    let zone = try Zone(name: "Test/Zone", tzif: TZifBytes(footer: footer).version2)
    #expect(zone.abbreviation(at: try #require(Instant(iso: instant))) == abbreviation)
  }

  @Test(arguments: [
    "E5", "EST", "EST25", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,M11.1.0x", "EST5EDT,M13.2.0,M11.1.0",
    "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,J1", "EST5EDT,J366,J1", "EST5EDT,366,1",
    "EST5EDT,M3.2.0/168,M11.1.0", "<EST5", "<>5", "EST5:60", "EST99999999999999999999", "EST5EDT,M3.2.0/,M11.1.0",
  ])
  func `a rule that is not one is refused`(_ footer: String) {
    #expect(throws: ZoneFormatError("the rule at its end is not a POSIX TZ string")) {
      try Zone(name: "Test/Zone", tzif: TZifBytes(footer: footer).version2)
    }
  }

  @Test func `a file without a rule goes on with its last offset`() throws {
    let zone = try Zone(
      name: "Test/Zone", tzif: TZifBytes(transitions: [100], offsets: [0, 3600], typeIndex: 1, footer: "").version2)
    #expect(zone.offset(at: Instant(seconds: 99)) == 0)
    #expect(zone.offset(at: Instant(seconds: 4_000_000_000)) == 3600)
  }

  @Test func `a file of version 1 is read`() throws {
    let zone = try Zone(name: "Test/Zone", tzif: TZifBytes(transitions: [-100, 100], offsets: [0, 3600]).version1)
    #expect(zone.offset(at: Instant(seconds: -101)) == 0)
    #expect(zone.offset(at: Instant(seconds: 100)) == 3600)
  }

  @Test(arguments: [UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "5")])
  func `later versions are read as version 2 is`(_ version: UInt8) throws {
    var file = TZifBytes(footer: "EST5")
    file.version = version
    #expect(try Zone(name: "Test/Zone", tzif: file.version2).offset(at: Instant(seconds: 0)) == -18_000)
  }

  @Test(arguments: [
    (TZifBytes(transitions: [2, 1], offsets: [0]), "the transitions are not in order"),
    (TZifBytes(transitions: [1, 1], offsets: [0]), "the transitions are not in order"),
    (TZifBytes(transitions: [.max]), "a transition is out of bounds"),
    (TZifBytes(offsets: []), "the header announces no offsets, or too many"),
    (TZifBytes(offsets: [100_000]), "an offset of 100000 seconds is out of bounds"),
    (TZifBytes(leapSeconds: 1), "counts leap seconds, which POSIX time does not; take the zone without `right/`"),
    (TZifBytes(transitions: [1], typeIndex: 9), "a transition leads to an offset that is not there"),
    (TZifBytes(names: [65, 66, 67]), "the name of an offset is not readable"),
  ])
  func `a file that contradicts itself is refused`(_ file: TZifBytes, _ message: String) {
    #expect(throws: ZoneFormatError(message)) { try Zone(name: "Test/Zone", tzif: file.version2) }
  }

  @Test func `what is not a TZif file is refused`() {
    #expect(throws: ZoneFormatError("not a TZif file")) {
      try Zone(name: "Test/Zone", tzif: Array(repeating: 7, count: 100))
    }
  }

  @Test func `an unknown version is refused`() {
    var file = TZifBytes()
    file.version = 1
    #expect(throws: ZoneFormatError("TZif version byte 1 is not known")) {
      try Zone(name: "Test/Zone", tzif: file.version2)
    }
  }

  @Test func `a file cut short anywhere is refused`() throws {
    let bytes = try SystemZones.bytes("America/New_York")
    for length in 0..<bytes.count {
      #expect(throws: ZoneFormatError.self) { try Zone(name: "Test/Zone", tzif: Array(bytes.prefix(length))) }
    }
  }

  @Test func `a header that announces billions of entries is refused`() {
    var bytes = TZifBytes().version1
    bytes.replaceSubrange(20..<44, with: Array(repeating: 0xFF, count: 24))
    #expect(throws: ZoneFormatError("cut short: \(bytes.count) bytes do not hold what the header announces")) {
      try Zone(name: "Test/Zone", tzif: bytes)
    }
  }

  @Test func `twenty thousand damaged files are read or refused`() throws {
    let original = try SystemZones.bytes("Europe/Dublin")
    var random = FixedRandom(seed: 4)
    let hourly = try CronExpression.parse("30 * * * *")
    var refused = 0
    for _ in 0..<20_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      do {
        let zone = try Zone(name: "Test/Zone", tzif: bytes)
        for seconds in [Int64.min / 1000, -5_000_000_000, 0, 1_750_000_000, 9_000_000_000, Int64.max / 1000] {
          let local = zone.localTime(at: Instant(seconds: seconds))
          _ = hourly.next(after: Instant(seconds: seconds), in: zone)
          if abs(local.secondsAsUTC - seconds) > 93_599 { Issue.record("offset out of bounds at \(seconds)") }
        }
      } catch {
        refused += 1
      }
    }
    #expect((1..<20_000).contains(refused))
  }
}

/// Writes TZif files, right ones and wrong ones.
struct TZifBytes: Sendable {
  var version = UInt8(ascii: "2")
  var transitions: [Int64] = []
  var offsets: [Int32] = [0]
  var names: [UInt8] = Array("ABC\0".utf8)
  var leapSeconds = 0
  var typeIndex: UInt8?
  var footer = "ABC0"

  var version1: [UInt8] { header(0) + block(timeSize: 4) }

  var version2: [UInt8] {
    header(version) + block(timeSize: 4) + header(version) + block(timeSize: 8) + Array("\n\(footer)\n".utf8)
  }

  private func header(_ version: UInt8) -> [UInt8] {
    var header = Array("TZif".utf8)
    header.append(version)
    header += [UInt8](repeating: 0, count: 15)
    for count in [0, 0, leapSeconds, transitions.count, offsets.count, names.count] {
      header += bytes(Int64(count), 4)
    }
    return header
  }

  private func block(timeSize: Int) -> [UInt8] {
    var block: [UInt8] = []
    for time in transitions { block += bytes(time, timeSize) }
    for index in transitions.indices { block.append(typeIndex ?? UInt8(index % max(offsets.count, 1))) }
    for offset in offsets { block += bytes(Int64(offset), 4) + [0, 0] }
    return block + names + [UInt8](repeating: 0, count: leapSeconds * (timeSize + 4))
  }

  private func bytes(_ value: Int64, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> Int64((size - 1 - $0) * 8)) }
  }
}
