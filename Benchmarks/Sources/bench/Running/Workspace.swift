import Foundation

/// A folder of this run in which all state lies, so that everything is measured on the same file system.
final class Workspace {
  let path: String
  private var count = 0

  /// Makes a fresh folder below `folder`.
  init(above folder: String) throws {
    path = URL(fileURLWithPath: folder).path + "/backfilld-bench.\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  /// A fresh folder in it. The name is short: the paths of sockets are at most 107 bytes long.
  func fresh() throws -> String {
    count += 1
    let folder = "\(path)/\(count)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    return folder
  }

  /// Removes everything. After a failure it is left, to be looked at.
  func remove() throws {
    try FileManager.default.removeItem(atPath: path)
  }
}
