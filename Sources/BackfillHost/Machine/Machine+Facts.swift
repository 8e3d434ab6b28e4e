import CSystemd
import Glibc

extension Machine {
  /// Whether the kernel takes its clock for synchronised; `nil` when it does not say. Source: adjtimex(2).
  public static var isClockSynchronised: Bool? {
    switch chost_clock_is_synchronised() {
    case 0: false
    case 1: true
    default: nil
    }
  }

  /// Bytes that this process may still write in `folder`; `nil` when that cannot be seen.
  public static func freeBytes(in folder: String) -> Int64? {
    var room = statvfs()
    guard statvfs(folder, &room) == 0 else { return nil }
    return Int64(isRoot ? room.f_bfree : room.f_bavail) * Int64(room.f_frsize)
  }
}
