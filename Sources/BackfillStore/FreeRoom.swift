import Glibc

/// The room that is left on a disk.
enum FreeRoom {
  /// The bytes that may be written to the disk that holds the file `path`, which need not be there; `nil`, with the reason in
  /// `errno`, when that cannot be seen.
  static func bytes(beside path: String) -> Int64? {
    var room = statvfs()
    guard statvfs(folder(of: path), &room) == 0 else { return nil }
    return Int64(room.f_bavail) * Int64(room.f_frsize)
  }

  /// The folder that holds `path`.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }
}
