import BackfillControl
import BackfillCore
import Glibc
import NIOCore

/// Who is at the other end of a Unix socket, as the kernel noted it when the connection was made.
///
/// Sources: unix(7), SO_PEERCRED and `struct ucred`; linux, net/core/sock.c, SO_PEERGROUPS.
struct Peer: Sendable, Equatable {
  /// The user's number; `nil` when the kernel did not say.
  let user: UInt32?
  /// The primary group first.
  let groups: [UInt32]

  static let unknown = Peer(user: nil, groups: [])

  /// The name in the user database; the number where it has none, `unknown` without credentials.
  var name: String { user.map(UserDatabase.name) ?? "unknown" }

  /// The peer of `channel`.
  static func of(_ channel: any Channel) async -> Peer {
    do {
      return try await channel.eventLoop.submit {
        try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
          Peer(of: $0)
        }
      }.get() ?? .unknown
    } catch {
      return .unknown  // The connection is closed: nobody will read the answer.
    }
  }

  private init(user: UInt32?, groups: [UInt32]) {
    self.user = user
    self.groups = groups
  }

  /// Asks the kernel about the connected socket `descriptor`.
  init(of descriptor: CInt) {
    var credentials = Credentials()
    var size = socklen_t(MemoryLayout<Credentials>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else {
      self = .unknown
      return
    }
    let others = Self.groups(of: descriptor) ?? UserDatabase.groups(of: credentials.user, with: credentials.group)
    self.init(user: credentials.user, groups: [credentials.group] + others.filter { $0 != credentials.group })
  }

  /// `struct ucred`.
  private struct Credentials {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0
  }

  /// The supplementary groups; `nil` where the kernel does not tell: before Linux 4.13.
  private static func groups(of descriptor: CInt) -> [UInt32]? {
    var size: socklen_t = 0
    if getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, nil, &size) == 0 { return [] }
    guard errno == ERANGE else { return nil }
    var groups = [UInt32](repeating: 0, count: Int(size) / MemoryLayout<UInt32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, &groups, &size) == 0 else { return nil }
    return Array(groups.prefix(Int(size) / MemoryLayout<UInt32>.size))
  }
}

/// Lets a peer do what its role allows.
struct Doorkeeper: Sendable {
  /// The user whom this process runs as.
  private let daemon = geteuid()

  /// Throws `forbidden` unless `peer` may do what `call` needs.
  func check(_ peer: Peer, for call: ControlCall) throws(ControlError) {
    // Whoever looks, and an owner, needs no group.
    guard !Role(user: peer.user, groups: [], daemon: daemon, operators: nil).may(call.permission) else { return }
    let operators = UserDatabase.group(named: ServiceAccount.group)
    let role = Role(user: peer.user, groups: peer.groups, daemon: daemon, operators: operators)
    guard !role.may(call.permission) else { return }
    let listed = peer.user.map { UserDatabase.groups(of: $0, with: peer.groups.first ?? $0) } ?? []
    throw .forbidden(
      peer.name, call.permission, daemon: UserDatabase.name(of: daemon),
      isListed: operators.map(listed.contains) == true)
  }
}
