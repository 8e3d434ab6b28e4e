import BackfillCore
import Glibc

/// The socket cannot be had; one sentence.
public struct ControlSocketFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public let message: String
  public var description: String { message }

  public init(_ message: String) {
    self.message = message
  }
}

/// A bound Unix socket, ours or systemd's.
struct ListeningSocket {
  let descriptor: CInt
  /// What to remove at the end; `nil` for a socket that was handed over.
  private let file: SocketFile?

  /// Takes over the descriptor, or binds the path.
  ///
  /// The file has its mode from the moment it exists: on Linux `bind` makes it with the mode of the unbound socket less
  /// the umask, and `chmod` then only adds what the umask took. Source: linux, net/unix/af_unix.c, `unix_bind_bsd`.
  init(_ socket: ControlServer.Socket) throws(ControlSocketFailure) {
    switch socket {
    case .handedOver(let descriptor):
      self.descriptor = descriptor
      file = nil
    case .path(let path):
      var address = try Self.address(of: path)
      try Self.clear(path, &address)
      let descriptor = Self.open()
      guard descriptor >= 0 else { throw Self.failure(path, errno) }
      guard fchmod(descriptor, 0o660) == 0, Self.withAddress(&address, { bind(descriptor, $0, $1) }) == 0,
        Self.giveToOperators(path), chmod(path, 0o660) == 0, let file = SocketFile(path)
      else {
        let number = errno
        close(descriptor)
        throw Self.failure(path, number)
      }
      self.descriptor = descriptor
      self.file = file
    }
  }

  /// A daemon that runs as root lets the operators' group in, where there is one; any other's group is its own.
  private static func giveToOperators(_ path: String) -> Bool {
    guard geteuid() == 0, let group = UserDatabase.group(named: ServiceAccount.group) else { return true }
    return lchown(path, geteuid(), group) == 0
  }

  /// Removes the file of the socket, unless another one has taken its place.
  func remove() {
    guard let file, SocketFile(file.path) == file else { return }
    unlink(file.path)
  }

  /// Removes a socket that nobody answers at; refuses to touch anything else.
  private static func clear(_ path: String, _ address: inout sockaddr_un) throws(ControlSocketFailure) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw failure(path, errno)
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ControlSocketFailure("cannot serve \(path): it exists and is not a socket")
    }
    let probe = open()
    guard probe >= 0 else { throw failure(path, errno) }
    defer { close(probe) }
    let isAnswered = withAddress(&address) { connect(probe, $0, $1) } == 0
    switch isAnswered ? 0 : errno {
    case 0, EAGAIN: throw ControlSocketFailure("another backfilld serves \(path)")
    case ECONNREFUSED:
      guard unlink(path) == 0 || errno == ENOENT else { throw failure(path, errno) }
    case ENOENT: return
    case let number: throw failure(path, number)
    }
  }

  private static func open() -> CInt {
    socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
  }

  private static func address(of path: String) throws(ControlSocketFailure) -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path) - 1
    guard !bytes.isEmpty, bytes.count <= room, !bytes.contains(0) else {
      throw ControlSocketFailure("cannot serve \(path): the path of a socket has 1 to \(room) bytes")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return address
  }

  private static func withAddress(
    _ address: inout sockaddr_un, _ call: (UnsafePointer<sockaddr>, socklen_t) -> CInt
  ) -> CInt {
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        call($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  private static func failure(_ path: String, _ number: CInt) -> ControlSocketFailure {
    ControlSocketFailure("cannot serve \(path): \(String(cString: strerror(number)))")
  }
}

/// Which file a path names at one moment.
private struct SocketFile: Equatable {
  let path: String
  private let device: dev_t
  private let inode: ino_t

  /// `nil` when there is none.
  init?(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    self.path = path
    device = status.st_dev
    inode = status.st_ino
  }
}
