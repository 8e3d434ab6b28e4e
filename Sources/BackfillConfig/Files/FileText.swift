import Glibc

/// Why a file or a directory could not be used; `message` completes a finding.
struct FileProblem: Error, Equatable {
  let position: Position
  let message: String
  let hint: String?

  init(_ message: String, at position: Position = .start, hint: String? = nil) {
    self.position = position
    self.message = message
    self.hint = hint
  }
}

/// Reading whole small text files.
enum FileText {
  /// Larger configuration files are refused before they are read.
  static let sizeLimit = 1 << 20

  /// Reads a regular file of at most `sizeLimit` bytes as UTF-8 text without control characters.
  ///
  /// A leading byte order mark is left out.
  static func read(_ path: String) throws(FileProblem) -> String {
    try UTF8Text.text(of: bytes(path))
  }

  private static func bytes(_ path: String) throws(FileProblem) -> [UInt8] {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileProblem("cannot be read: \(reason(errno))") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileProblem("cannot be read: \(reason(errno))") }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw FileProblem("cannot be read: it is a directory")
    default: throw FileProblem("cannot be read: it is not a regular file")
    }
    guard status.st_size <= sizeLimit else { throw tooLarge(Int(status.st_size)) }
    return try contents(of: descriptor)
  }

  private static func contents(of descriptor: Int32) throws(FileProblem) -> [UInt8] {
    var all: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &part, part.count)
      if count == 0 { return all }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileProblem("cannot be read: \(reason(errno))")
      }
      all += part[..<count]
      // The file may grow while it is read.
      guard all.count <= sizeLimit else { throw tooLarge(all.count) }
    }
  }

  private static func tooLarge(_ size: Int) -> FileProblem {
    FileProblem("too large: \(size) bytes, at most \(sizeLimit) are read")
  }

  /// What the system says about `code`, a value of `errno`.
  static func reason(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}
