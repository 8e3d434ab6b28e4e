import CSystemd
import Glibc

/// The socket that systemd opened for the daemon. Source: sd_listen_fds(3).
public enum ListeningSocket {
  /// Returns the first listening Unix stream socket that was handed over to this process, or `nil` when none was.
  ///
  /// The descriptor is closed in programs that are started. `LISTEN_PID` must name this process.
  /// - Throws: When descriptors were handed over and none of them is such a socket, or when `LISTEN_*` cannot be read.
  public static func handedOver() throws(SystemFailure) -> Int32? {
    let count = sd_listen_fds(0)
    guard count >= 0 else { throw SystemFailure("cannot read LISTEN_FDS", code: -count) }
    return try first(of: firstDescriptor..<(firstDescriptor + count))
  }

  /// Returns the first listening Unix stream socket of `descriptors`, or `nil` when they are none.
  static func first(of descriptors: Range<Int32>) throws(SystemFailure) -> Int32? {
    guard !descriptors.isEmpty else { return nil }
    for descriptor in descriptors where sd_is_socket_unix(descriptor, Int32(SOCK_STREAM.rawValue), 1, nil, 0) > 0 {
      return descriptor
    }
    throw SystemFailure(
      "none of the \(descriptors.count) descriptors from systemd is a listening Unix stream socket", code: ENOTSOCK)
  }

  /// `SD_LISTEN_FDS_START`.
  private static let firstDescriptor: Int32 = 3
}
