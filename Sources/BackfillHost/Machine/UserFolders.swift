/// Where the programs of one user keep their files. Source: XDG Base Directory Specification, version 0.8.
public struct UserFolders: Sendable, Equatable {
  /// `$XDG_CONFIG_HOME`, or `~/.config`.
  public let config: String
  /// `$XDG_STATE_HOME`, or `~/.local/state`.
  public let state: String
  /// `$XDG_RUNTIME_DIR`, for which there is no other place; `nil` when it is not set.
  public let runtime: String?

  /// - Parameters:
  ///   - environment: Variables that are empty or no absolute path count as not set, as the specification says.
  ///   - home: The home folder of the user, where the environment names none.
  public init(environment: [String: String], home: String) {
    func folder(_ name: String) -> String? {
      environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let home = folder("HOME") ?? home
    config = folder("XDG_CONFIG_HOME") ?? "\(home)/.config"
    state = folder("XDG_STATE_HOME") ?? "\(home)/.local/state"
    runtime = folder("XDG_RUNTIME_DIR")
  }
}
