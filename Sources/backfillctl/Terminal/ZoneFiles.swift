import BackfillCore
import FoundationEssentials
import Glibc

/// The time zones of this machine. Source: tzfile(5), localtime(5).
struct ZoneFiles: Sendable {
  static let directory = "/usr/share/zoneinfo"
  /// What stands before the paths; nothing but for tests.
  var root = ""

  /// The zone of that name; `nil` when there is none, or when its file cannot be read.
  func zone(named name: String) -> Zone? {
    if name == "UTC" { return .utc }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !name.hasPrefix("/"), !parts.contains(""), !parts.contains(".."), !parts.contains(".") else { return nil }
    return zone(named: name, at: "\(root)\(Self.directory)/\(name)")
  }

  /// All names, as IANA spells them.
  var zoneNames: [String] {
    guard let table = FileManager.default.contents(atPath: "\(root)\(Self.directory)/tzdata.zi") else { return [] }
    var names: Set<String> = ["UTC"]
    for line in String(decoding: table, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.first == "Z", words.count > 1 { names.insert(String(words[1])) }
      if words.first == "L", words.count > 2 { names.insert(String(words[2])) }
    }
    return names.sorted()
  }

  /// The name of the zone in `TZ`, which may be a path; `nil` where that leaves it to `/etc/localtime`. Source: tzset(3).
  static var nameInEnvironment: String? {
    guard let setting = getenv("TZ").map({ String(cString: $0) }) else { return nil }
    let value = setting.hasPrefix(":") ? String(setting.dropFirst()) : setting
    if value.isEmpty { return "UTC" }
    return value == "/etc/localtime" ? nil : name(inPath: value) ?? value
  }

  /// The zone of this process: `TZ`, or what `/etc/localtime` leads to; UTC where neither says.
  var localZone: Zone {
    if let name = Self.nameInEnvironment { return zone(named: name) ?? .utc }
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/etc/localtime", &buffer, buffer.count)
    let target = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let name = Self.name(inPath: target) else { return zone(named: "localtime", at: "/etc/localtime") ?? .utc }
    return zone(named: name) ?? .utc
  }

  /// What comes after `zoneinfo/`; `nil` for a path without it.
  private static func name(inPath path: String) -> String? {
    path.firstRange(of: "zoneinfo/").map { String(path[$0.upperBound...]) }
  }

  private func zone(named name: String, at path: String) -> Zone? {
    guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
    do {
      return try Zone(name: name, tzif: Array(bytes))
    } catch {
      // A file that is no zone, `tzdata.zi` for one, is a name that does not exist.
      return nil
    }
  }
}
