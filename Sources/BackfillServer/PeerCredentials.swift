import Glibc
import NIOCore

/// Who is at the other end of a Unix socket, as the kernel says. Source: unix(7), SO_PEERCRED, `struct ucred`.
struct PeerCredentials: Sendable {
  let process: Int32
  let user: UInt32
  let group: UInt32

  /// The name of the user at the other end of `channel`; the number where it has no name, `unknown` without credentials.
  static func userName(of channel: any Channel) async -> String {
    guard let provider = channel as? any SocketOptionProvider else { return "unknown" }
    do {
      let credentials: PeerCredentials = try await provider.unsafeGetSocketOption(
        level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED)
      ).get()
      return userName(of: credentials.user)
    } catch {
      return "unknown"
    }
  }

  /// The name that the user database has for `user`; its number where it has none.
  static func userName(of user: UInt32) -> String {
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    return buffer.withUnsafeMutableBufferPointer { buffer in
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      guard let start = buffer.baseAddress, getpwuid_r(user, &entry, start, buffer.count, &found) == 0,
        found != nil, let name = entry.pw_name
      else { return String(user) }
      return String(cString: name)
    }
  }
}
