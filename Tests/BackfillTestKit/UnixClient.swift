import Foundation
import Glibc

/// No connection to a socket; the number of errno(3).
public struct NotConnected: Error {
  public let number: Int32
}

/// `answer(to:at:finish:)` on a thread of its own, because that blocks.
public func exchange(_ path: String, _ bytes: [UInt8], finish: Bool = false) async throws -> String {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread {
      continuation.resume(with: Result { try answer(to: bytes, at: path, finish: finish) })
    }
  }
}

/// Sends `bytes` over a new connection to the socket at `path`, closes the sending half when `finish`, and gives back all
/// that comes until the other side closes; blocks, 20 s for each part of an answer at most.
public func answer(to bytes: [UInt8], at path: String, finish: Bool = false) throws -> String {
  let descriptor = connected(to: path)
  guard descriptor >= 0 else { throw NotConnected(number: errno) }
  defer { close(descriptor) }
  var sent = 0
  while sent < bytes.count {
    let count = bytes[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
    guard count > 0 else { break }
    sent += count
  }
  if finish { shutdown(descriptor, CInt(SHUT_WR)) }
  var answer: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { break }
    answer += buffer[..<count]
  }
  return String(decoding: answer, as: UTF8.self)
}

/// Whether the other side closes the connection, within 20 s, without having said anything; closes `descriptor`.
public func closesSilently(_ descriptor: CInt) -> Bool {
  defer { close(descriptor) }
  var byte: UInt8 = 0
  return read(descriptor, &byte, 1) == 0
}

/// A connected descriptor that gives up reading after 20 s, or -1.
public func connected(to path: String) -> CInt {
  let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
  var limit = timeval(tv_sec: 20, tv_usec: 0)
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  var address = address(of: path)
  let status = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
  if status == 0 { return descriptor }
  let number = errno
  close(descriptor)
  errno = number
  return -1
}

/// A bound descriptor, listening when `isListening`, or -1.
public func bound(to path: String, isListening: Bool) -> CInt {
  let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
  var address = address(of: path)
  let status = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
  if status == 0, !isListening || listen(descriptor, 8) == 0 { return descriptor }
  close(descriptor)
  return -1
}

private func address(of path: String) -> sockaddr_un {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  return address
}
