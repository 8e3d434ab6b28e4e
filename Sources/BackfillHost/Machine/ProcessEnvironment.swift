import CSystemd

/// The part of the daemon's environment that steps get. Source: DESIGN, "What a step is given".
public enum ProcessEnvironment {
  /// Where programs are looked for when the daemon has no `PATH`.
  public static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// The environment of this process as it is now; of a name that is there twice, the first counts.
  public static func ofThisProcess() -> [String: String] {
    var environment: [String: String] = [:]
    var entry = chost_environment()
    while let text = entry?.pointee {
      let pair = String(cString: text)
      if let equals = pair.firstIndex(of: "=") {
        let name = String(pair[..<equals])
        if environment[name] == nil { environment[name] = String(pair[pair.index(after: equals)...]) }
      }
      entry = entry?.successor()
    }
    return environment
  }

  /// What the steps of `account` start with: `PATH HOME USER LOGNAME SHELL`, and `LANG` and `TZ` where the daemon has them.
  ///
  /// `HOME USER LOGNAME SHELL` of the daemon's own user are the daemon's own where it has them; those of another user come
  /// from the user database. Nothing else is passed on: no `NOTIFY_SOCKET`, `WATCHDOG_*`, `LISTEN_*`.
  /// - Parameters:
  ///   - account: Who the steps run as.
  ///   - own: Who the daemon runs as.
  ///   - environment: The daemon's environment.
  /// - Returns: Values by name; `PATH HOME USER LOGNAME SHELL` are always there.
  public static func forSteps(
    of account: UserAccount, own: UserAccount, from environment: [String: String]
  ) -> [String: String] {
    var values = [
      "PATH": defaultPath, "HOME": account.home, "USER": account.name, "LOGNAME": account.name,
      "SHELL": account.shell.isEmpty ? "/bin/sh" : account.shell,
    ]
    var inherited = ["PATH", "LANG", "TZ"]
    if account.userID == own.userID { inherited += ["HOME", "USER", "LOGNAME", "SHELL"] }
    for name in inherited {
      if let value = environment[name], !value.isEmpty { values[name] = value }
    }
    return values
  }
}
