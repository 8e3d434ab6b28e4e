import Foundation
import Glibc

/// The datagram socket to which a service of `Type=notify` speaks. Source: sd_notify(3).
final class NotifySocket: Sendable {
  private let descriptor: Int32
  private let isRead = DispatchSemaphore(value: 0)

  /// Binds it to `path` and calls `take` for each datagram, on a thread of its own.
  init(path: String, take: @escaping @Sendable (String) -> Void) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(descriptor, generic, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EINVAL) }
    Thread.detachNewThread { [descriptor, isRead] in
      var buffer = [UInt8](repeating: 0, count: 8192)
      while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        take(String(decoding: buffer[..<count], as: UTF8.self))
      }
      isRead.signal()
    }
  }

  deinit {
    close(descriptor)
  }

  /// Takes no further datagram; returns when those that came before are taken.
  func finish() {
    shutdown(descriptor, Int32(SHUT_RD))
    isRead.wait()
  }
}
