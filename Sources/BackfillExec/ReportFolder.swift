import BackfillCore
import Glibc

/// Where steps put their reports: a directory with one fresh directory for each execution.
///
/// `directory` must be reachable for the users of steps: it, and every directory above it, needs the x bit for others.
struct ReportFolder: Sendable {
  /// At most so much of a report is read: 10 MiB.
  static let limit = 10 << 20
  private static let prefix = "run-"

  let directory: String

  /// Makes a place for one report; its name is 128 random bits, and only `owner` (`nil`: the daemon's own user) may enter it.
  func makePlace(owner: Account?) throws(StartFailure) -> ReportPlace {
    let place = ReportPlace(directory: "\(directory)/\(Self.prefix)\(Hexadecimal.random())")
    var made = mkdir(place.directory, 0o700)
    if made != 0, errno == ENOENT {
      makeDirectory()
      made = mkdir(place.directory, 0o700)
    }
    guard made == 0 else { throw failure(.last) }
    if let owner, chown(place.directory, owner.uid, owner.gid) != 0 {
      let problem = SystemError.last
      rmdir(place.directory)
      throw failure(problem)
    }
    return place
  }

  /// Removes the places of a daemon that died.
  func removeStalePlaces() {
    guard let folder = opendir(directory) else { return }
    defer { closedir(folder) }
    for bytes in ReportPlace.names(in: folder) {
      let name = String(decoding: bytes.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard name.hasPrefix(Self.prefix) else { continue }
      ReportPlace(directory: "\(directory)/\(name)").remove()
    }
  }

  /// Also when the umask is stricter.
  private func makeDirectory() {
    if mkdir(directory, 0o711) == 0 { chmod(directory, 0o711) }
  }

  private func failure(_ problem: SystemError) -> StartFailure {
    .daemon(ExecutorFailure("cannot make a place for a report in \(directory): \(problem.words)"))
  }
}

/// The place of one report.
struct ReportPlace: Sendable, Equatable {
  let directory: String

  /// What `BACKFILL_REPORT` says; there is no file yet.
  var path: String { "\(directory)/report.json" }

  /// Reads the report after the step has ended. Whatever is not a plain file that only the step has made is not opened.
  func read() -> ReportReading {
    let descriptor: Int32
    switch FileReading.open(path, flags: O_NOFOLLOW) {
    case .success(let opened): descriptor = opened
    case .failure(let problem): return reading(of: problem)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      return .unreadable("report cannot be read: \(SystemError.last.words)")
    }
    if let kind = Self.kind(status.st_mode) { return Self.wrongKind(kind) }
    guard status.st_nlink == 1 else {
      return .unreadable("report has \(status.st_nlink) names (hard links); a file with one name is read")
    }
    guard status.st_size <= ReportFolder.limit else { return Self.tooLarge(Int(status.st_size)) }
    switch FileReading.bytes(of: descriptor, limit: ReportFolder.limit + 1) {
    case .failure(let problem): return .unreadable("report cannot be read: \(problem.words)")
    case .success(let bytes):
      if bytes.count > ReportFolder.limit { return Self.tooLarge(bytes.count) }
      if bytes.isEmpty { return .missing("no report: the file that BACKFILL_REPORT names is empty") }
      return ReportText.reading(of: bytes)
    }
  }

  /// Removes the place if the step has left nothing there; returns whether it is gone.
  func removeEmpty() -> Bool { rmdir(directory) == 0 }

  /// Removes the place and what the step has left there; links are removed, not followed.
  func remove() {
    if removeEmpty() { return }
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if descriptor >= 0 { Self.empty(descriptor, depth: 0) }
    rmdir(directory)
  }

  /// The entries of `folder` without `.` and `..`, as C strings: a name need not be UTF-8.
  static func names(in folder: OpaquePointer) -> [[CChar]] {
    let dot = CChar(bitPattern: UInt8(ascii: "."))
    var names: [[CChar]] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
        }
      }
      if name != [dot, 0], name != [dot, dot, 0] { names.append(name) }
    }
    return names
  }

  private func reading(of problem: SystemError) -> ReportReading {
    if problem.number == ENOENT {
      return .missing("no report: the step did not write the file that BACKFILL_REPORT names")
    }
    var status = stat()
    if lstat(path, &status) == 0, let kind = Self.kind(status.st_mode) { return Self.wrongKind(kind) }
    return .unreadable("report cannot be opened: \(problem.words)")
  }

  /// `nil` for a regular file.
  private static func kind(_ mode: mode_t) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFLNK: "a symbolic link"
    case S_IFIFO: "a FIFO"
    case S_IFDIR: "a directory"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }

  private static func wrongKind(_ kind: String) -> ReportReading {
    .unreadable("report is \(kind); only a regular file is read")
  }

  /// Rounded up: a report just above the limit is not `10.0 MiB`.
  private static func tooLarge(_ size: Int) -> ReportReading {
    let tenths = (size * 10 + (1 << 20) - 1) >> 20
    return .unreadable("report is \(tenths / 10).\(tenths % 10) MiB; at most 10 MiB are read")
  }

  /// Closes `descriptor`. Deeper than 32 levels nothing is removed: the directory is then left, for a person to look at.
  private static func empty(_ descriptor: Int32, depth: Int) {
    guard let folder = fdopendir(descriptor) else {
      close(descriptor)
      return
    }
    defer { closedir(folder) }
    for name in names(in: folder) where unlinkat(descriptor, name, 0) != 0 {
      guard depth < 32 else { return }
      let inner = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if inner >= 0 { empty(inner, depth: depth + 1) }
      unlinkat(descriptor, name, AT_REMOVEDIR)
    }
  }
}
