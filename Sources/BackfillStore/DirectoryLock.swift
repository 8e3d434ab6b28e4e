import Glibc

/// A lock on a directory, held as long as this object lives: two daemons never share a ledger, or a folder of reports.
///
/// It is an flock(2) on `backfilld.lock`, which the kernel gives up when the process ends in whatever way. The file holds
/// the process number of its holder and is never deleted.
public final class DirectoryLock: Sendable {
  private let descriptor: Int32

  /// So often, 10 ms apart, a lock that somebody holds is asked for: a daemon that was killed while it started a step
  /// leaves it to that child until the child's program begins.
  private static let tries = 20

  /// Takes the lock; waits 0.2 s at most.
  public init(directory: String) throws(LedgerOpenFailure) {
    let path = directory + "/backfilld.lock"
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw .unavailable(
        "the directory `\(directory)` cannot be used: \(path): \(String(cString: strerror(errno)))")
    }
    var triesLeft = Self.tries
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      triesLeft -= 1
      if errno == EWOULDBLOCK, triesLeft > 0 {
        usleep(10_000)
        continue
      }
      let code = errno
      let pid = Self.pid(in: descriptor)
      Glibc.close(descriptor)
      if code == EWOULDBLOCK { throw .inUse(directory: directory, pid: pid) }
      throw .unavailable("the directory `\(directory)` cannot be locked: \(String(cString: strerror(code)))")
    }
    self.descriptor = descriptor
    let text = Array("\(getpid())\n".utf8)
    // The number only makes a message better: on a full disk the lock holds without it.
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
  }

  /// Gives the lock up at once, also while somebody still holds this object.
  func release() {
    // Closing alone would leave it to a child that has not begun its program yet.
    flock(descriptor, LOCK_UN)
  }

  deinit {
    release()
    Glibc.close(descriptor)
  }

  private static func pid(in descriptor: Int32) -> Int32? {
    var buffer = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: buffer[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }
}
