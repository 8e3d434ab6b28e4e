import ArgumentParser
import BackfillHost
import Glibc

/// The options that name the three folders of a daemon.
struct FolderOptions: ParsableArguments {
  @Option(
    name: .customLong("config-dir"),
    help: "Holds backfilld.yaml (optional), windows.d and pipelines.d. (default: \(DaemonFolders.machine.config))",
    completion: .directory, transform: Self.absolute)
  var config: String?

  @Option(
    name: .customLong("state-dir"), help: "Holds the ledger. (default: \(DaemonFolders.machine.state))",
    completion: .directory, transform: Self.absolute)
  var state: String?

  @Option(
    name: .customLong("runtime-dir"),
    help: "Holds control.sock and the reports of running steps. (default: \(DaemonFolders.machine.runtime))",
    completion: .directory, transform: Self.absolute)
  var runtime: String?

  @Flag(
    name: .customLong("user"),
    help: """
      A daemon of your own: the defaults become $XDG_CONFIG_HOME/backfilld, $XDG_STATE_HOME/backfilld and \
      $XDG_RUNTIME_DIR/backfilld.
      """)
  var isUser = false

  /// The folder of the configuration.
  func configFolder(_ environment: [String: String]) throws(StartFailure) -> String {
    if let config { return config }
    return isUser ? try own(environment).config + "/backfilld" : DaemonFolders.machine.config
  }

  /// The three folders.
  func folders(_ environment: [String: String]) throws(StartFailure) -> DaemonFolders {
    let machine = DaemonFolders.machine
    let config = try configFolder(environment)
    guard isUser else {
      return DaemonFolders(config: config, state: state ?? machine.state, runtime: runtime ?? machine.runtime)
    }
    let own = try own(environment)
    let state = state ?? own.state + "/backfilld"
    if let runtime { return DaemonFolders(config: config, state: state, runtime: runtime) }
    return DaemonFolders(config: config, state: state, runtime: try Self.runtime(of: own))
  }

  private func own(_ environment: [String: String]) throws(StartFailure) -> UserFolders {
    do {
      return UserFolders(environment: environment, home: try UserAccount.current().home)
    } catch {
      throw StartFailure(message: "\(error)")
    }
  }

  /// systemd makes that folder when a user logs in, and removes it at the end of the last session.
  private static func runtime(of own: UserFolders) throws(StartFailure) -> String {
    let help =
      "start it with `systemctl --user start backfilld`, have the folder kept with `loginctl enable-linger`, or name "
      + "another one with --runtime-dir"
    guard let folder = own.runtime else {
      throw StartFailure(message: "XDG_RUNTIME_DIR is not set, so that there is no place for the socket: \(help)")
    }
    var facts = stat()
    guard stat(folder, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
      throw StartFailure(message: "XDG_RUNTIME_DIR is `\(folder)`, and there is no such folder: \(help)")
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw StartFailure(
        message: "XDG_RUNTIME_DIR is `\(folder)`, where this user may not write; is it another user's? \(help)")
    }
    return folder + "/backfilld"
  }

  /// Steps run in directories of their own: a path that they are given must not depend on where the daemon was started.
  private static func absolute(_ path: String) throws -> String {
    if path.hasPrefix("/") { return path }
    guard !path.isEmpty else { throw ValidationError("the path of a folder is empty") }
    guard let working = getcwd(nil, 0) else {
      throw ValidationError("`\(path)` cannot be made absolute: \(String(cString: strerror(errno)))")
    }
    defer { free(working) }
    return String(cString: working) + "/" + path
  }
}
