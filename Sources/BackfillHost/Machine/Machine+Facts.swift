import Glibc

extension Machine {
  /// Bytes that this process may still write in `folder`; `nil` when that cannot be seen.
  public static func freeBytes(in folder: String) -> Int64? {
    var room = statvfs()
    guard statvfs(folder, &room) == 0 else { return nil }
    return Int64(isRoot ? room.f_bfree : room.f_bavail) * Int64(room.f_frsize)
  }
}
