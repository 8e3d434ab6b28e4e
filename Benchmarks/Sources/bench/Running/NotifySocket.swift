import Glibc

/// The datagram socket to which a service of `Type=notify` speaks. Source: sd_notify(3).
///
/// The sender waits while the queue of the kernel is full (10 datagrams, where nobody raised it): take what comes at once.
final class NotifySocket {
  private let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: 8192)

  init(path: String) throws {
    unlink(path)
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    let code = try UnixAddress.with(path) { bind(descriptor, $0, $1) }
    guard code == 0 else { throw BenchFailure("cannot bind `\(path)`", code: errno) }
  }

  deinit {
    close(descriptor)
  }

  /// The next datagram, or `nil` when none came within `milliseconds`.
  func next(within milliseconds: Int32) throws -> String? {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, milliseconds) > 0 else { return nil }
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count >= 0 else { throw BenchFailure("cannot read the notify socket", code: errno) }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}

/// The address of a Unix socket.
enum UnixAddress {
  /// Calls `body` with the address of the socket at `path`, as bind(2) and connect(2) take it.
  static func with(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) throws -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw BenchFailure("`\(path)` is too long for a socket; give a shorter --folder")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }
}
