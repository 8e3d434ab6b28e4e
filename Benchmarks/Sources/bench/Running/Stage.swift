import Foundation

/// The folders of one private daemon.
struct Stage {
  let path: String
  private let runtime: String

  /// Makes them in `workspace`, with window files by name.
  init(_ workspace: Workspace, windows: [String: String]) throws {
    path = try workspace.fresh()
    runtime = try workspace.freshInMemory()
    try FileManager.default.createDirectory(atPath: path + "/config/windows.d", withIntermediateDirectories: true)
    for (name, text) in windows {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/config/windows.d/\(name).yaml"))
    }
  }

  var controlSocket: String { runtime + "/control.sock" }
  var notifySocket: String { path + "/notify" }
  var errors: String { path + "/errors" }

  var arguments: [String] {
    ["--config-dir", path + "/config", "--state-dir", path + "/state", "--runtime-dir", runtime]
  }
}
