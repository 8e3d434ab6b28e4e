import CSystemd
import Glibc

/// The socket that systemd opened for the daemon. Source: sd_listen_fds(3).
public enum ListeningSocket {
  /// Returns the listening Unix stream socket that was handed over to this process, or `nil` when none was.
  ///
  /// The descriptor is closed in programs that are started. `LISTEN_PID` must name this process.
  /// - Throws: When something else or more than one was handed over: a socket that nobody serves would let clients wait for
  ///   ever. Also when `LISTEN_*` cannot be read.
  public static func handedOver() throws(HandedOverFailure) -> Int32? {
    var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let count = sd_listen_fds_with_names(0, &list)
    guard count >= 0 else { throw .unreadable(SystemFailure("cannot read LISTEN_FDS", code: -count)) }
    let names = take(list)
    return try only(
      of: (0..<count).map { index in
        (firstDescriptor + index, names.indices.contains(Int(index)) ? names[Int(index)] : "unknown")
      })
  }

  /// Returns the one descriptor of `given`, or `nil` when there are none.
  static func only(of given: [(descriptor: Int32, name: String)]) throws(HandedOverFailure) -> Int32? {
    guard let (descriptor, name) = given.first else { return nil }
    guard given.count == 1 else { throw .several(given.map(\.name)) }
    guard let domain = option(SO_DOMAIN, of: descriptor) else { throw .noSocket(name) }
    guard domain == AF_UNIX else { throw .notUnix(name) }
    guard option(SO_TYPE, of: descriptor) == Int32(SOCK_STREAM.rawValue) else { throw .notStream(name) }
    guard option(SO_ACCEPTCONN, of: descriptor) == 1 else { throw .notListening(name) }
    return descriptor
  }

  /// `SD_LISTEN_FDS_START`.
  private static let firstDescriptor: Int32 = 3

  /// A number that the kernel knows of a socket; `nil` for what is no socket. Source: socket(7).
  private static func option(_ name: Int32, of descriptor: Int32) -> Int32? {
    var value: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
  }

  /// The texts of a list of the C library, which is freed.
  private static func take(_ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [String] {
    guard let list else { return [] }
    var texts: [String] = []
    var next = list
    while let text = next.pointee {
      texts.append(String(cString: text))
      free(text)
      next += 1
    }
    free(list)
    return texts
  }
}

/// What was handed over is not the one socket that the daemon serves.
public enum HandedOverFailure: Error, Equatable, Sendable {
  case unreadable(SystemFailure)
  /// The names of all.
  case several([String])
  case noSocket(String)
  case notUnix(String)
  case notStream(String)
  case notListening(String)
}

extension HandedOverFailure: CustomStringConvertible {
  /// What is wrong, and which line of the socket unit puts it right.
  public var description: String {
    switch self {
    case .unreadable(let failure):
      "\(failure): what systemd hands over is described by LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES"
    case .several(let names):
      "systemd hands over \(names.count) sockets (\(names.joined(separator: ", "))), and backfilld serves one: "
        + "leave one ListenStream= in backfilld.socket"
    case .noSocket(let name):
      "`\(name)`, handed over by systemd, is no socket: backfilld.socket needs one ListenStream= and nothing else"
    case .notUnix(let name):
      "`\(name)`, handed over by systemd, is no Unix socket: ListenStream= in backfilld.socket must be a path"
    case .notStream(let name):
      "`\(name)`, handed over by systemd, is no stream socket: use ListenStream= in backfilld.socket"
    case .notListening(let name):
      "`\(name)`, handed over by systemd, does not listen: set Accept=no in backfilld.socket"
    }
  }
}
