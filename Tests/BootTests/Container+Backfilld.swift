import Foundation

/// What the stories do with the package, and how they look at it.
extension Container {
  /// A booted container with the package installed as a person installs it, and a folder in which steps may write.
  ///
  /// `/srv/steps/load` and the like are written by `write`. Steps that do not want to end get one second.
  static func installed(_ name: String, settings: String = "stop_grace: 1s\n") async throws -> Container {
    let container = try await Container(name)
    try await container.install(Obstacle.package)
    try await container.must("install -d -o backfilld -g backfilld /srv/steps")
    try await container.write(settings, to: "/etc/backfilld/backfilld.yaml")
    return container
  }

  /// Installs a package from a file of this machine; returns what `dpkg` wrote.
  @discardableResult
  func install(_ package: String) async throws -> String {
    try FileManager.default.copyItem(atPath: package, toPath: place("/var/tmp/backfilld.deb"))
    return try await must(
      "DEBIAN_FRONTEND=noninteractive dpkg -i /var/tmp/backfilld.deb 2>&1; rm /var/tmp/backfilld.deb")
  }

  func write(_ text: String, to path: String, mode: Int = 0o644) async throws {
    try await must("mkdir -p \"$(dirname \(path))\"")
    let place = try place(path)
    try Data(text.utf8).write(to: URL(fileURLWithPath: place))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place)
  }

  /// The file's lines; none where there is no file.
  func lines(of path: String) async throws -> [String] {
    try await must("if [ -e \(path) ]; then cat \(path); fi").split(separator: "\n").map(String.init)
  }

  /// One property of the unit.
  func property(_ name: String) async throws -> String {
    try await must("systemctl show --value --property=\(name) backfilld.service")
      .trimmingCharacters(in: .newlines)
  }

  /// Waits until STATUS holds `words`; returns it.
  @discardableResult
  func status(showing words: String) async throws -> String {
    var last = ""
    do {
      return try await eventually("STATUS with `\(words)`") {
        last = try await property("StatusText")
        return last.contains(words) ? last : nil
      }
    } catch {
      throw Unexpected("\(error); it is `\(last)`; the journal: \(try await must("journalctl -n 30 -o cat"))")
    }
  }

  /// The state and the verdict of each date of a window, as `2024-01-01 done pass`.
  func dates(of window: String) async throws -> [String] {
    try await shown(window).dates.map { "\($0.date) \($0.state) \($0.verdict ?? "-")" }
  }

  /// What `backfillctl show --json` says of a window.
  func shown(_ window: String) async throws -> ShownWindow {
    try JSONDecoder().decode(
      ShownWindow.self, from: Data(try await must("backfillctl show \(window) --json").utf8))
  }

  /// The journal's entries that `matches` name, oldest first.
  func journal(_ matches: String) async throws -> [JournalLine] {
    let text = try await must("journalctl --output=json --all --quiet \(matches)")
    return try text.split(separator: "\n").map { try JSONDecoder().decode(JournalLine.self, from: Data($0.utf8)) }
  }

  /// Waits until the journal has an entry that `matches` name and whose message has `words`.
  @discardableResult
  func journal(_ matches: String, shows words: String, within limit: Duration = .seconds(90)) async throws
    -> JournalLine
  {
    try await eventually("\(words) in journalctl \(matches)", within: limit) {
      try await journal(matches).first { $0.message.contains(words) }
    }
  }
}

/// The keys of `backfillctl show --json` that the stories look at.
struct ShownWindow: Decodable, Sendable {
  struct Date: Decodable, Sendable {
    let date: String
    let state: String
    let verdict: String?
    let reason: String?
    let steps: [Step]
  }

  struct Step: Decodable, Sendable {
    let step: String
    let state: String
    let attempts: Int
  }

  let state: String
  let reason: String?
  let dates: [Date]
}

/// One entry of the journal. Its fields are texts; what is not a text is left out.
struct JournalLine: Decodable, Sendable {
  let fields: [String: String]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    fields = try container.decode([String: Field].self).compactMapValues(\.text)
  }

  var message: String { fields["MESSAGE"] ?? "" }

  /// When it was received, in seconds since 1970.
  var second: Double { (fields["__REALTIME_TIMESTAMP"].flatMap { Double($0) } ?? 0) / 1e6 }

  subscript(_ name: String) -> String? { fields[name] }

  private struct Field: Decodable {
    let text: String?

    init(from decoder: any Decoder) throws {
      do {
        text = try decoder.singleValueContainer().decode(String.self)
      } catch is DecodingError {
        text = nil
      }
    }
  }
}
