import BackfillCore
import Glibc

/// Zones whose clocks change in different ways, from this machine's tzdata; UTC, where it has none of them.
enum Zones {
  static let all: [Zone] = [Zone.utc] + names.compactMap(load)

  private static let names = [
    "America/New_York", "Europe/Berlin", "Europe/Dublin", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca",
  ]

  private static func load(_ name: String) -> Zone? {
    guard let file = fopen("/usr/share/zoneinfo/\(name)", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    do {
      return try Zone(name: name, tzif: bytes)
    } catch {
      check(false, "\(name): \(error)")
      return nil
    }
  }
}
