import Glibc

/// A file system in memory with little room, mounted over a folder, unmounted at the end. Needs root.
public final class SmallDisk: Sendable {
  private let folder: TemporaryFolder
  public var path: String { folder.path }
  private var ballast: String { path + "/ballast" }

  public struct Unusable: Error {
    public let what: String
  }

  public init(kibibytes: Int) throws {
    folder = try TemporaryFolder()
    guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(kibibytes)k") == 0 else { throw Self.failure("mount") }
  }

  deinit {
    umount2(path, Int32(MNT_DETACH))
  }

  /// From now on nothing can be written; refused while a file is open for writing.
  public func makeReadOnly() throws {
    try remount(UInt(MS_REMOUNT | MS_RDONLY))
  }

  public func makeWritable() throws {
    try remount(UInt(MS_REMOUNT))
  }

  /// Leaves so much room, in KiB.
  public func fill(leaving left: Int = 0) throws {
    let descriptor = open(ballast, O_WRONLY | O_CREAT, 0o600)
    guard descriptor >= 0 else { throw Self.failure("open") }
    let block = [UInt8](repeating: 0, count: 4096)
    while write(descriptor, block, block.count) > 0 {}
    var information = stat()
    guard fstat(descriptor, &information) == 0, ftruncate(descriptor, information.st_size - (left << 10)) == 0 else {
      throw Self.failure("ftruncate")
    }
    close(descriptor)
  }

  /// Leaves as much room as there was before `fill`.
  public func empty() throws {
    guard unlink(ballast) == 0 else { throw Self.failure("unlink") }
  }

  private func remount(_ flags: UInt) throws {
    guard mount("tmpfs", path, "tmpfs", flags, nil) == 0 else { throw Self.failure("remount") }
  }

  private static func failure(_ call: String) -> Unusable {
    Unusable(what: "\(call): \(String(cString: strerror(errno)))")
  }
}
