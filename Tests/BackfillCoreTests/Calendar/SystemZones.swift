import BackfillCore
import Foundation

/// The zones of the machine the tests run on.
enum SystemZones {
  static let directory = "/usr/share/zoneinfo"

  static func zone(_ name: String) throws -> Zone {
    if name == "UTC" { return .utc }
    return try Zone(name: name, tzif: bytes(name))
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)")))
  }

  static func exists(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("/") && !name.contains("..")
      && FileManager.default.contents(atPath: "\(directory)/\(name)")?.starts(with: Array("TZif".utf8)) == true
  }

  /// The names of tzdata's own list, oldest names left out.
  static let names: [String] = {
    guard let table = FileManager.default.contents(atPath: "\(directory)/tzdata.zi") else { return [] }
    let lines = String(decoding: table, as: UTF8.self).split(separator: "\n")
    return lines.filter { $0.hasPrefix("Z ") }.map { String($0.split(separator: " ")[1]) }
  }()
}
