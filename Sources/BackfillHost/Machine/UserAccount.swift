import Glibc

/// An entry of the user database. Source: passwd(5).
public struct UserAccount: Sendable, Equatable {
  public let name: String
  public let userID: UInt32
  /// The primary group.
  public let groupID: UInt32
  public let home: String
  public let shell: String

  public init(name: String, userID: UInt32, groupID: UInt32, home: String, shell: String) {
    self.name = name
    self.userID = userID
    self.groupID = groupID
    self.home = home
    self.shell = shell
  }

  /// The account called `name`; `nil` when there is none.
  public static func named(_ name: String) throws(SystemFailure) -> UserAccount? {
    try lookUp("user \(name)") { entry, buffer, size, result in
      getpwnam_r(name, entry, buffer, size, result)
    }
  }

  /// The account with the number `userID`; `nil` when there is none.
  public static func numbered(_ userID: UInt32) throws(SystemFailure) -> UserAccount? {
    try lookUp("user \(userID)") { entry, buffer, size, result in
      getpwuid_r(userID, entry, buffer, size, result)
    }
  }

  /// The account of this process's effective user; one with the number as its name where the database has none.
  public static func current() throws(SystemFailure) -> UserAccount {
    let userID = geteuid()
    if let account = try numbered(userID) { return account }
    return UserAccount(name: String(userID), userID: userID, groupID: getegid(), home: "/", shell: "/bin/sh")
  }

  /// The name of `userID` for a reader; the number itself where no name can be found.
  public static func name(of userID: UInt32) -> String {
    do {
      return try numbered(userID)?.name ?? String(userID)
    } catch {
      return String(userID)
    }
  }

  private typealias Lookup = (
    UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int, UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
  ) -> Int32

  /// Calls `lookup` with a buffer that grows until the entry fits, to 1 MiB at most.
  private static func lookUp(_ what: String, _ lookup: Lookup) throws(SystemFailure) -> UserAccount? {
    var size = 1024
    while true {
      var account: UserAccount?
      let code = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
        guard let start = buffer.baseAddress else { return ENOMEM }
        var entry = passwd()
        var result: UnsafeMutablePointer<passwd>?
        let code = lookup(&entry, start, size, &result)
        account = result.flatMap { UserAccount($0.pointee) }
        return code
      }
      switch code {
      case 0: return account
      // "Not found" as some databases say it. Source: getpwnam_r(3).
      case ENOENT, ESRCH, EBADF, EPERM: return nil
      case EINTR: continue
      case ERANGE where size < 1 << 20: size *= 2
      default: throw SystemFailure("cannot look up \(what)", code: code)
      }
    }
  }

  private init?(_ entry: passwd) {
    guard let name = entry.pw_name, let home = entry.pw_dir, let shell = entry.pw_shell else { return nil }
    self.init(
      name: String(cString: name), userID: entry.pw_uid, groupID: entry.pw_gid, home: String(cString: home),
      shell: String(cString: shell))
  }
}
