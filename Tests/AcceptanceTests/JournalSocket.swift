import Foundation
import Glibc
import Synchronization

/// The datagram socket of a pretended journald: keeps the entries that come, as fields by name.
///
/// Source: systemd.io/JOURNAL_NATIVE_PROTOCOL.
final class JournalSocket: Sendable {
  typealias Entry = [String: String]

  private let descriptor: Int32
  private let kept = Mutex<[Entry]>([])
  private let isRead = DispatchSemaphore(value: 0)

  /// Binds it to `path` and reads on a thread of its own.
  init(path: String) throws {
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
    Thread.detachNewThread { [self, descriptor] in
      var buffer = [UInt8](repeating: 0, count: 1 << 18)
      while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        let entry = Self.entry(buffer[..<count])
        kept.withLock { $0.append(entry) }
      }
      isRead.signal()
    }
  }

  deinit {
    close(descriptor)
  }

  /// In the order in which they came.
  var entries: [Entry] { kept.withLock { $0 } }

  /// Takes no further entry; returns when those that came before are taken.
  func finish() {
    shutdown(descriptor, Int32(SHUT_RD))
    isRead.wait()
  }

  /// Reads `NAME=value` lines, and `NAME`, a length of eight bytes, the value.
  private static func entry(_ bytes: ArraySlice<UInt8>) -> Entry {
    var entry: Entry = [:]
    var rest = bytes
    while let end = rest.firstIndex(of: 10) {
      let line = rest[rest.startIndex..<end]
      rest = rest[(end + 1)...]
      if let equals = line.firstIndex(of: UInt8(ascii: "=")) {
        entry[text(line[..<equals])] = text(line[(equals + 1)...])
      } else {
        let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        entry[text(line)] = text(rest.dropFirst(8).prefix(length))
        rest = rest.dropFirst(8 + length + 1)
      }
    }
    return entry
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
