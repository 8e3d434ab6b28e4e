import BackfillConfig
import BackfillCore
import BackfillHost
import Glibc

/// The three folders of a daemon, absolute paths.
struct DaemonFolders: Equatable {
  /// Those of the machine's own daemon.
  static let machine = DaemonFolders(
    config: ConfigReader.machineDirectory, state: "/var/lib/backfilld", runtime: "/run/backfilld")

  let config: String
  let state: String
  let runtime: String

  /// The control socket.
  var socket: String { runtime + "/control.sock" }
  /// Where running steps write their reports.
  var reports: String { runtime + "/reports" }

  /// What `doctor` is told of this daemon.
  func facts(user: String) -> DaemonFacts {
    DaemonFacts(
      user: user, pid: getpid(), configDirectory: config, stateDirectory: state, runtimeDirectory: runtime,
      freeBytes: Machine.freeBytes(in: state))
  }

  /// Makes the state and the runtime folder where they are missing.
  ///
  /// With `ancestors` the folders above the state folder are made too, for their owner alone: a user's own may all be
  /// missing. Source: XDG Base Directory Specification, "Referencing this specification".
  func make(ancestors: Bool) throws(StartFailure) {
    if ancestors { try makeAncestors(of: state) }
    // The users of steps must be able to pass through the runtime folder to their reports.
    for (folder, mode) in [(state, mode_t(0o750)), (runtime, mode_t(0o755))] { try Self.make(folder, mode) }
  }

  private func makeAncestors(of folder: String) throws(StartFailure) {
    var path = ""
    for part in folder.split(separator: "/").dropLast() {
      path += "/\(part)"
      if access(path, F_OK) != 0 { try Self.make(path, 0o700) }
    }
  }

  /// With just this mode, also when the umask is stricter.
  private static func make(_ folder: String, _ mode: mode_t) throws(StartFailure) {
    if mkdir(folder, mode) == 0, chmod(folder, mode) == 0 { return }
    guard errno != EEXIST else { return }
    throw StartFailure(message: "cannot make the folder `\(folder)`: \(String(cString: strerror(errno)))")
  }
}
