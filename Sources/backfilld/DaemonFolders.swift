import ArgumentParser
import Glibc

/// The three folders of a daemon.
struct DaemonFolders: ParsableArguments {
  @Option(
    name: .customLong("config-dir"), help: "Holds backfilld.yaml (optional), windows.d and pipelines.d.",
    transform: Self.absolute)
  var config = "/etc/backfilld"

  @Option(name: .customLong("state-dir"), help: "Holds the ledger.", transform: Self.absolute)
  var state = "/var/lib/backfilld"

  @Option(
    name: .customLong("runtime-dir"), help: "Holds control.sock and the reports of running steps.",
    transform: Self.absolute)
  var runtime = "/run/backfilld"

  /// The control socket.
  var socket: String { runtime + "/control.sock" }
  /// Where running steps write their reports.
  var reports: String { runtime + "/reports" }

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

  /// Makes the state and the runtime folder where they are missing; the folder above them must be there.
  func make() throws(StartFailure) {
    // The users of steps must be able to pass through the runtime folder to their reports.
    for (folder, mode) in [(state, mode_t(0o750)), (runtime, mode_t(0o755))] {
      guard mkdir(folder, mode) != 0, errno != EEXIST else { continue }
      throw StartFailure(message: "cannot make the folder `\(folder)`: \(String(cString: strerror(errno)))")
    }
  }
}
