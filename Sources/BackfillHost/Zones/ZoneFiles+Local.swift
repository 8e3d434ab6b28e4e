import BackfillCore
import Glibc

extension ZoneFiles {
  /// Where the machine says which zone is its own.
  struct LocalSources {
    var localtime = "/etc/localtime"
    var timezone = "/etc/timezone"
  }

  /// Loads the machine's own zone.
  ///
  /// The first of these decides: `TZ`; the name in the target of `/etc/localtime`; the name in `/etc/timezone`; the file
  /// `/etc/localtime` itself, as a zone called `localtime`; UTC. Sources: tzset(3), localtime(5).
  /// - Throws: When what decides cannot be loaded; a `TZ` that is a rule (`EST5EDT,M3.2.0,M11.1.0`) cannot.
  public func localZone(environment: [String: String]) throws(ZoneFailure) -> Zone {
    try localZone(environment: environment, sources: LocalSources())
  }

  func localZone(environment: [String: String], sources: LocalSources) throws(ZoneFailure) -> Zone {
    if let setting = environment["TZ"] {
      let value = setting.hasPrefix(":") ? String(setting.dropFirst()) : setting
      // An empty TZ means UTC. Source: tzset(3).
      if value.isEmpty { return .utc }
      if value != sources.localtime { return try zone(named: name(inPath: value) ?? value) }
    }
    if let target = File.target(ofLink: sources.localtime), let name = name(inPath: target) {
      return try zone(named: name)
    }
    if let name = try Self.content(of: sources.timezone) { return try zone(named: name) }
    do {
      return try Self.zone(named: "localtime", at: sources.localtime)
    } catch .unknown {
      return .utc
    }
  }

  /// What comes after `zoneinfo/` or after our own directory in a path; `nil` for anything else.
  private func name(inPath path: String) -> String? {
    for prefix in ["\(directory)/", "\(Self.defaultDirectory)/"] where path.hasPrefix(prefix) {
      return String(path.dropFirst(prefix.count))
    }
    let marker = "/zoneinfo/"
    guard let found = path.lastRange(of: marker) else { return nil }
    return String(path[found.upperBound...])
  }

  /// The one word in the file at `path`; `nil` when it is not there or empty.
  private static func content(of path: String) throws(ZoneFailure) -> String? {
    do {
      let words = String(decoding: try File.read(path, limit: 4096), as: UTF8.self).split(
        whereSeparator: \.isWhitespace)
      return words.first.map { String($0) }
    } catch {
      guard error.code == ENOENT else { throw .unreadable(error) }
      return nil
    }
  }
}

extension String {
  /// The last place where `text` occurs.
  fileprivate func lastRange(of text: String) -> Range<String.Index>? {
    var end = endIndex
    while true {
      if self[..<end].hasSuffix(text) { return index(end, offsetBy: -text.count)..<end }
      guard end > startIndex else { return nil }
      end = index(before: end)
    }
  }
}
