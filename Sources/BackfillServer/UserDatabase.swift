import Glibc

/// What the machine knows of users and groups. Sources: getpwuid_r(3), getgrnam_r(3), getgrouplist(3).
enum UserDatabase {
  /// The name of `user`; its number where it has none.
  static func name(of user: UInt32) -> String {
    account(user) { entry in entry.pw_name.map { String(cString: $0) } } ?? String(user)
  }

  /// The number of the group called `name`; `nil` when there is none.
  static func group(named name: String) -> UInt32? {
    // An entry carries the names of all members.
    var size = 4096
    while size <= 1 << 20 {
      var number: UInt32?
      let code = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
        guard let start = buffer.baseAddress else { return ENOMEM }
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        let code = getgrnam_r(name, &entry, start, buffer.count, &found)
        if code == 0, found != nil { number = entry.gr_gid }
        return code
      }
      guard code == ERANGE else { return number }
      size *= 4
    }
    return nil
  }

  /// The groups that the database has `user` in, and `primary`; empty for a user without a name.
  static func groups(of user: UInt32, with primary: UInt32) -> [UInt32] {
    guard let name = account(user, { entry in entry.pw_name.map { String(cString: $0) } }) else { return [] }
    var groups = [UInt32](repeating: 0, count: 64)
    while true {
      var count = Int32(groups.count)
      if getgrouplist(name, primary, &groups, &count) >= 0 { return Array(groups.prefix(Int(count))) }
      guard count > Int32(groups.count), count <= 65_536 else { return [] }
      groups = [UInt32](repeating: 0, count: Int(count))
    }
  }

  private static func account<Answer>(_ user: UInt32, _ answer: (passwd) -> Answer?) -> Answer? {
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    return buffer.withUnsafeMutableBufferPointer { buffer in
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      guard let start = buffer.baseAddress, getpwuid_r(user, &entry, start, buffer.count, &found) == 0, found != nil
      else { return nil }
      return answer(entry)
    }
  }
}
