/// What `backfillctl reload` is answered: what the files say now, compared with what was in force.
public struct ReloadAnswer: Sendable, Equatable, Codable {
  /// Every window that is configured, or was until now, by name.
  public let windows: [WindowChange]
  /// The daemon's settings that have other values now: `max_processes 4 -> 8`.
  public let settings: [String]
  /// What is wrong in `backfilld.yaml`, in a pipeline, or with the directories; each `file:line:column: what`.
  public let findings: [String]

  public init(windows: [WindowChange], settings: [String] = [], findings: [String] = []) {
    self.windows = windows
    self.settings = settings
    self.findings = findings
  }

  /// What became of one window.
  public struct WindowChange: Sendable, Equatable, Codable {
    public let window: String
    public let change: Change
    /// What a person should know besides; `nil`: nothing.
    public let note: String?
    /// Of a broken file, each `file:line:column: what`.
    public let findings: [String]

    public init(window: String, change: Change, note: String? = nil, findings: [String] = []) {
      self.window = window
      self.change = change
      self.note = note
      self.findings = findings
    }
  }

  public enum Change: String, Sendable, Codable, CaseIterable {
    case added, changed, unchanged, removed
    /// Its file has errors: the old definition stays in force, if there is one.
    case broken
  }

  /// Something is wrong in a file.
  public var hasErrors: Bool { !findings.isEmpty || windows.contains { $0.change == .broken } }

  /// How many windows underwent `change`.
  public func count(_ change: Change) -> Int { windows.count { $0.change == change } }
}

extension ReloadAnswer.WindowChange {
  enum CodingKeys: String, CodingKey {
    case window, change, note, findings
  }

  // A key whose value is not known is there with `null`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(window, forKey: .window)
    try container.encode(change, forKey: .change)
    try container.encode(note, forKey: .note)
    try container.encode(findings, forKey: .findings)
  }
}
