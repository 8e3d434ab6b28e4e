import Glibc

/// Reads files whole, as bytes, without Foundation.
enum FileReading {
  /// Opens `path` for reading; it is closed on exec, and opening never waits for a writer.
  static func open(_ path: String, flags: Int32 = 0) -> Result<Int32, SystemError> {
    while true {
      let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags)
      if descriptor >= 0 { return .success(descriptor) }
      if errno != EINTR { return .failure(.last) }
    }
  }

  /// Reads what is left of `descriptor`, at most `limit` bytes.
  static func bytes(of descriptor: Int32, limit: Int) -> Result<[UInt8], SystemError> {
    var bytes: [UInt8] = []
    var room = min(limit, 16 * 1024)
    while bytes.count < limit {
      var problem: SystemError?
      let wanted = min(room, limit - bytes.count)
      let piece = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
        let got = read(descriptor, buffer.baseAddress, wanted)
        if got < 0 { problem = .last }
        count = max(got, 0)
      }
      if let problem {
        if problem.number == EINTR { continue }
        return .failure(problem)
      }
      if piece.isEmpty { break }
      bytes += piece
      room = 256 * 1024
    }
    return .success(bytes)
  }

  /// Reads the file at `path`, at most `limit` bytes of it.
  static func bytes(at path: String, limit: Int) -> Result<[UInt8], SystemError> {
    switch open(path) {
    case .failure(let problem): return .failure(problem)
    case .success(let descriptor):
      defer { close(descriptor) }
      return bytes(of: descriptor, limit: limit)
    }
  }
}
