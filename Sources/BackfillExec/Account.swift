import Glibc

/// The identities that a process of some user has.
struct Account: Equatable, Sendable {
  let uid: uid_t
  let gid: gid_t
  /// All groups of the user, the primary one included. Source: getgrouplist(3).
  let groups: [gid_t]

  /// Looks `name` up; `nil` when there is no such user.
  static func named(_ name: String) throws(SystemError) -> Account? {
    var room = 16 * 1024
    while room <= 4 << 20 {
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: room)
      defer { buffer.deallocate() }
      let result = getpwnam_r(name, &entry, buffer, room, &found)
      if result == ERANGE {
        room *= 4
        continue
      }
      if found != nil {
        return Account(uid: entry.pw_uid, gid: entry.pw_gid, groups: groups(of: name, primary: entry.pw_gid))
      }
      // Name services say "not found" in several ways. Source: getpwnam(3), "Errors".
      if [0, ENOENT, ESRCH, EBADF, EPERM].contains(result) { return nil }
      throw SystemError(result)
    }
    throw SystemError(ERANGE)
  }

  private static func groups(of name: String, primary: gid_t) -> [gid_t] {
    var count: Int32 = 64
    while true {
      var groups = [gid_t](repeating: 0, count: Int(count))
      let asked = count
      if getgrouplist(name, primary, &groups, &count) >= 0 { return Array(groups.prefix(Int(count))) }
      count = max(count, asked * 2)
    }
  }
}
