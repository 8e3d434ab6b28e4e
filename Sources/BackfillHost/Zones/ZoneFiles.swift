import BackfillCore
import Glibc

/// The time zones of the machine, as the `tzdata` package installs them. Source: tzfile(5).
public struct ZoneFiles: Sendable {
  /// Where Linux keeps them.
  public static let defaultDirectory = "/usr/share/zoneinfo"

  /// An absolute path.
  public let directory: String

  /// Looks in `TZDIR`, or in the default directory where that is not an absolute path.
  public init(environment: [String: String]) {
    let named = environment["TZDIR"] ?? ""
    self.init(directory: named.hasPrefix("/") ? named : Self.defaultDirectory)
  }

  public init(directory: String) {
    self.directory = directory
  }

  /// Loads the zone called `name`, as in `America/New_York`. `UTC` is known also where no files are installed.
  public func zone(named name: String) throws(ZoneFailure) -> Zone {
    guard Self.isName(name) else { throw .notAName(name) }
    if name == "UTC" { return .utc }
    return try Self.zone(named: name, at: "\(directory)/\(name)")
  }

  /// Reads the file at `path` as the zone called `name`.
  static func zone(named name: String, at path: String) throws(ZoneFailure) -> Zone {
    let bytes: [UInt8]
    do {
      bytes = try File.read(path, limit: fileLimit)
    } catch {
      throw [ENOENT, ENOTDIR, EISDIR].contains(error.code) ? .unknown(name) : .unreadable(error)
    }
    do {
      return try Zone(name: name, tzif: bytes)
    } catch {
      throw .malformed(name, error)
    }
  }

  /// Far above any real zone.
  private static let fileLimit = 1 << 20

  /// Whether `name` is made of parts of letters, digits, `_`, `+` and `-`, with `/` between them: it cannot leave the
  /// directory, and names none of the tables beside the zones.
  static func isName(_ name: String) -> Bool {
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return name.utf8.count <= 255
      && parts.allSatisfy { part in
        part.first.map(isLetter) == true && part.allSatisfy { isLetter($0) || "0123456789_+-".utf8.contains($0) }
      }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}

/// Why there is no such zone.
public enum ZoneFailure: Error, Equatable, Sendable {
  case unknown(String)
  /// It cannot be the name of a zone: `../etc/passwd`, `/etc/localtime`, the empty string.
  case notAName(String)
  case unreadable(SystemFailure)
  case malformed(String, ZoneFormatError)
}

extension ZoneFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let name): "no time zone is called `\(name)`"
    case .notAName(let name): "`\(name)` is not the name of a time zone"
    case .unreadable(let failure): "\(failure)"
    case .malformed(let name, let error): "the file of the time zone `\(name)` is damaged: \(error.message)"
    }
  }
}
