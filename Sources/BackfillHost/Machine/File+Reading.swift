import Glibc

/// Reading of small files, without Foundation.
enum File {
  /// Reads the regular file at `path`, links followed.
  ///
  /// - Throws: `EISDIR` or `EINVAL` for what is not a regular file, `EFBIG` above `limit` bytes, or what the system says.
  static func read(_ path: String, limit: Int) throws(SystemFailure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw SystemFailure("cannot open \(path)", code: errno) }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw SystemFailure("cannot read \(path)", code: errno) }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw SystemFailure("cannot read \(path)", code: facts.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
    }
    return try readAll(descriptor, path, limit: limit)
  }

  /// The names in the directory at `path` without `.` and `..`, sorted.
  static func names(in path: String) throws(SystemFailure) -> [String] {
    guard let directory = opendir(path) else { throw SystemFailure("cannot open \(path)", code: errno) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// What the symbolic link at `path` points to; `nil` when it is not a link or not there.
  static func target(ofLink path: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      guard let start = buffer.baseAddress else { return nil }
      let length = readlink(path, start, buffer.count)
      guard length >= 0 else { return nil }
      return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  static func isDirectory(_ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
  }

  private static func readAll(_ descriptor: Int32, _ path: String, limit: Int) throws(SystemFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw SystemFailure("cannot read \(path)", code: errno) }
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= limit else { throw SystemFailure("cannot read \(path)", code: EFBIG) }
    }
  }
}
