import Foundation
import Glibc

/// The control socket, spoken to without the tool.
enum ControlSocket {
  /// Sends GET `target` and reads the answer to its end.
  /// - Returns: The seconds that it took, the connection included.
  static func get(_ target: String, at path: String) throws -> Double {
    let start = ChildProcess.now
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    let code = try UnixAddress.with(path) { connect(descriptor, $0, $1) }
    guard code == 0 else { throw BenchFailure("cannot connect to `\(path)`", code: errno) }
    let request = Array("GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
    guard write(descriptor, request, request.count) == request.count else {
      throw BenchFailure("cannot write to `\(path)`", code: errno)
    }
    var head: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw BenchFailure("cannot read from `\(path)`", code: errno) }
      if count == 0 { break }
      if head.count < 12 { head += buffer[..<min(count, 12)] }
    }
    let seconds = ChildProcess.now - start
    guard head.starts(with: "HTTP/1.1 200".utf8) else {
      throw BenchFailure("\(target) was answered with `\(String(decoding: head, as: UTF8.self))`")
    }
    return seconds
  }
}
