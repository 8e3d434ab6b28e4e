import Glibc

/// The file beside a database that says there is one, so that a database that vanished is not taken for a first start.
struct Marker {
  let path: String
  private let directory: String

  init(directory: String) {
    self.directory = directory
    path = directory + "/backfilld.db.exists"
  }

  var isThere: Bool { access(path, F_OK) == 0 }

  /// Writes the marker, through to the disk, unless it is there.
  func write() throws(LedgerOpenFailure) {
    guard !isThere else { return }
    let text = Array(
      "backfilld.db was created beside this file. Should it vanish, backfilld does not start anew by itself.\n".utf8)
    try Self.withDescriptor(of: path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW) { descriptor in
      Glibc.write(descriptor, text, text.count) == text.count && fsync(descriptor) == 0
    }
    try Self.withDescriptor(of: directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) { fsync($0) == 0 }
  }

  private static func withDescriptor(of path: String, _ flags: Int32, do work: (Int32) -> Bool)
    throws(LedgerOpenFailure)
  {
    let descriptor = Glibc.open(path, flags, 0o600)
    guard descriptor >= 0 else {
      throw .unavailable("`\(path)` cannot be written: \(String(cString: strerror(errno)))")
    }
    defer { Glibc.close(descriptor) }
    errno = 0
    guard work(descriptor) else {
      throw .unavailable("`\(path)` cannot be written: \(String(cString: strerror(errno == 0 ? ENOSPC : errno)))")
    }
  }
}
