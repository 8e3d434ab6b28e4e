import Glibc

/// Facts of the machine and of this process.
public enum Machine {
  /// Whether this process may start processes of other users: its effective user is 0.
  public static var isRoot: Bool { geteuid() == 0 }

  /// How many bytes can still be written below `path`, the part reserved for root counted only for root.
  public static func freeSpace(at path: String) throws(SystemFailure) -> Int64 {
    var facts = statvfs()
    guard statvfs(path, &facts) == 0 else {
      throw SystemFailure("cannot measure the free space at \(path)", code: errno)
    }
    let blocks = isRoot ? facts.f_bfree : facts.f_bavail
    let (bytes, overflows) = Int64(clamping: blocks).multipliedReportingOverflow(by: Int64(clamping: facts.f_frsize))
    return overflows ? Int64.max : bytes
  }
}
