import Glibc

extension ZoneFiles {
  /// The names of all zones, sorted: for a person who mistyped one.
  ///
  /// From the table `tzdata.zi`, links included, or from the files themselves where there is no table.
  public func names() throws(ZoneFailure) -> [String] {
    do {
      if let names = try tableNames() { return Set(names).sorted() }
      return try fileNames(in: directory, below: "", depth: 0).sorted()
    } catch {
      throw .unreadable(error)
    }
  }

  /// Reads `Z NAME ...` and `L TARGET NAME` lines. Source: zic(8), "Source format", keywords abbreviated.
  private func tableNames() throws(SystemFailure) -> [String]? {
    let bytes: [UInt8]
    do {
      bytes = try File.read("\(directory)/tzdata.zi", limit: 1 << 22)
    } catch {
      guard error.code == ENOENT else { throw error }
      return nil
    }
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 3)
      switch words.first?.first {
      case UInt8(ascii: "Z") where words.count > 1: return String(decoding: words[1], as: UTF8.self)
      case UInt8(ascii: "L") where words.count > 2: return String(decoding: words[2], as: UTF8.self)
      default: return nil
      }
    }
  }

  private func fileNames(in path: String, below prefix: String, depth: Int) throws(SystemFailure) -> [String] {
    var names: [String] = []
    for name in try File.names(in: path) where Self.isName(name) {
      if !File.isDirectory("\(path)/\(name)") {
        if Self.isCapital(name) { names.append(prefix + name) }
      } else if depth < 3, Self.isCapital(name) {
        // `posix/` and `right/` hold the same zones again.
        names += try fileNames(in: "\(path)/\(name)", below: "\(prefix)\(name)/", depth: depth + 1)
      }
    }
    return names
  }

  private static func isCapital(_ name: String) -> Bool {
    name.utf8.first.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) } == true
  }
}
