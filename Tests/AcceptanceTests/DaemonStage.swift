import BackfillControl
import BackfillTestKit
import Foundation
import Glibc
import Synchronization

/// Three folders in which daemons of a test run, one after the other.
final class DaemonStage: Sendable {
  let folder: TemporaryFolder
  /// A folder for what steps need and leave.
  let work: String
  /// All so far; those that run still when the stage goes are killed.
  private let daemons = Mutex<[DaemonProcess]>([])

  /// Makes the folders, with window files by name.
  init(settings: String? = nil, windows: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    work = try folder.folder("work")
    _ = try folder.folder("config/windows.d")
    if let settings { try folder.write(settings, to: "config/backfilld.yaml") }
    for (name, text) in windows { try write(text, toWindow: name) }
  }

  /// `{work}` stands for the work folder.
  func write(_ text: String, toWindow name: String) throws {
    try folder.write(text.replacing("{work}", with: work), to: "config/windows.d/\(name).yaml")
  }

  /// The ledger's file.
  var ledger: String { folder.path + "/state/backfilld.db" }
  var state: String { folder.path + "/state" }
  var runtime: String { folder.path + "/run" }

  var socket: String { runtime + "/control.sock" }

  var client: ControlClient {
    ControlClient(socketPath: socket)
  }

  /// Starts the next daemon as a person does who has gone to the folder of all three.
  func startInPlace() throws -> DaemonProcess {
    let folders = ["--config-dir", "config", "--state-dir", "./state", "--runtime-dir", "run"]
    return try start(with: folders, environment: [:], directory: folder.path)
  }

  /// Starts the next daemon without naming its folders.
  func startBare(
    _ arguments: [String], environment: [String: String], launcher: [String] = []
  ) throws -> DaemonProcess {
    try start(with: arguments, environment: environment, launcher: launcher)
  }

  /// Starts the next daemon; on the state directory of the others, if no other is given. `launcher` becomes it.
  func start(
    _ arguments: [String] = [], state: String? = nil, environment: [String: String] = [:], launcher: [String] = []
  ) throws -> DaemonProcess {
    let path = folder.path
    let folders = [
      "--config-dir", "\(path)/config", "--state-dir", state ?? self.state, "--runtime-dir", runtime,
    ]
    return try start(with: folders + arguments, environment: environment, launcher: launcher)
  }

  private func start(
    with arguments: [String], environment: [String: String], launcher: [String] = [], directory: String? = nil
  ) throws -> DaemonProcess {
    try daemons.withLock { daemons in
      let daemon = try DaemonProcess(
        arguments: arguments, environment: environment, launcher: launcher, directory: directory,
        place: "\(folder.path)/\(daemons.count + 1)")
      daemons.append(daemon)
      return daemon
    }
  }

  /// Starts the next daemon and waits until it is ready.
  @discardableResult
  func startReady(environment: [String: String] = [:]) async throws -> DaemonProcess {
    let daemon = try start(environment: environment)
    try await daemon.ready()
    return daemon
  }

  /// What every daemon so far has written to standard error.
  func errors() -> String {
    daemons.withLock { $0 }.map(\.errors).joined()
  }

  /// Processes that carry `text` in the environment they were started with.
  static func processes(with text: String) throws -> [String] {
    let wanted = Array(text.utf8)
    return try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { entry in
      guard Int32(entry) != nil, let bytes = FileManager.default.contents(atPath: "/proc/\(entry)/environ") else {
        return false
      }
      return bytes.split(separator: 0).contains { $0.elementsEqual(wanted) }
    }
  }
}

/// What the file at `path` holds; where it cannot be read, words that say so.
func text(of path: String) -> String {
  do {
    return try String(contentsOfFile: path, encoding: .utf8)
  } catch {
    return "\(path) cannot be read: \(error)"
  }
}
