import Glibc
import Synchronization

/// The standard error of this process, written in whole lines.
enum StandardError {
  private static let lock = Mutex(())

  /// Writes `line` and a line feed to `descriptor`; lines of several threads do not mix.
  ///
  /// Waits while the reader is slow. When nobody reads any more the line is lost: there is no other place to say so.
  static func write(line: [UInt8], to descriptor: Int32 = STDERR_FILENO) {
    lock.withLock { _ in
      var rest = (line + [UInt8(ascii: "\n")])[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&wait, 1, -1)
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}
