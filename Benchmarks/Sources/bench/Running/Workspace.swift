import Foundation

/// A folder of this run in which all state lies, so that everything is measured on the same file system; and one in memory
/// for what an installed daemon has in /run.
final class Workspace {
  /// Where memory is a file system on every Linux. Source: shm_overview(7).
  private static let shared = "/dev/shm"

  let path: String
  private let memory: String
  private var count = 0

  /// Makes a fresh folder below `folder`.
  init(above folder: String) throws {
    let name = "/backfilld-bench.\(ProcessInfo.processInfo.processIdentifier)"
    path = URL(fileURLWithPath: folder).path + name
    memory = Self.shared + name
    for folder in [path, memory] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }
  }

  /// A fresh folder in it. The name is short: the paths of sockets are at most 107 bytes long.
  func fresh() throws -> String { try fresh(in: path) }

  /// A fresh folder in memory.
  func freshInMemory() throws -> String { try fresh(in: memory) }

  private func fresh(in parent: String) throws -> String {
    count += 1
    let folder = "\(parent)/\(count)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    return folder
  }

  /// Removes everything. After a failure it is left, to be looked at.
  func remove() throws {
    for folder in [path, memory] { try FileManager.default.removeItem(atPath: folder) }
  }
}
