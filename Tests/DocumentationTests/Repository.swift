import Foundation
import Testing

/// The files of this repository, as they are beside this file.
struct Repository: Sendable {
  /// The root, without a `/` at the end.
  static let root = #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 }

  /// Whether a file or a folder is at `path`, relative to the root.
  static func has(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(root)/\(path)")
  }

  /// The text of the file at `path`.
  static func text(_ path: String) throws -> String {
    try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
  }

  /// The paths of the files below `folder` that end in `.swift`, sorted.
  static func swiftFiles(in folder: String) throws -> [String] {
    let enumerator = try #require(FileManager.default.enumerator(atPath: "\(root)/\(folder)"))
    return enumerator.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map { "\(folder)/\($0)" }.sorted()
  }

  /// The paths of the files below `folders` in which `isMatch` finds a line.
  static func files(in folder: String = "Sources", having isMatch: (Substring) -> Bool) throws -> [String] {
    try swiftFiles(in: folder).filter { try text($0).split(separator: "\n").contains(where: isMatch) }
  }

  /// The names of the folders and files directly below `folder`.
  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)").filter { !$0.hasPrefix(".") }.sorted()
  }
}
