import Foundation

/// A Unix socket of a test.
final class UnixSocket: Sendable {
  let descriptor: Int32
  let path: String

  /// Binds a socket of `type` to `path`; one for connections listens, if it is to.
  init(_ type: Int32, at path: String, isListening: Bool = true) throws {
    self.path = path
    descriptor = socket(AF_UNIX, type, 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(descriptor, generic, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0, type == Self.datagram || !isListening || listen(descriptor, 8) == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EINVAL)
    }
  }

  deinit {
    close(descriptor)
  }

  static let datagram = Int32(SOCK_DGRAM.rawValue)
  static let stream = Int32(SOCK_STREAM.rawValue)

  /// The datagrams that wait, without waiting for more.
  func datagrams() -> [String] {
    var found: [String] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      guard count >= 0 else { return found }
      found.append(String(decoding: buffer[..<count], as: UTF8.self))
    }
  }
}
