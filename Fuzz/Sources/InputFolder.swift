import Glibc

/// The folder in which this process puts inputs that are read as files: FUZZ_FOLDER, which the caller removes.
enum InputFolder {
  static let path = variable("FUZZ_FOLDER")

  /// Makes `name` below the folder, once for each process.
  static func folder(_ name: String) -> String {
    let folder = "\(path)/\(name)"
    check(mkdir(folder, 0o700) == 0 || errno == EEXIST, "mkdir \(folder): errno \(errno)")
    return folder
  }

  /// Puts `bytes` into the file at `path`.
  static func write(_ bytes: [UInt8], to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    check(descriptor >= 0, "open \(path): errno \(errno)")
    check(Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "write \(path): errno \(errno)")
    close(descriptor)
  }
}
