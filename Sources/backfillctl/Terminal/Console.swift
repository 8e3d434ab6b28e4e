import BackfillControl
import BackfillCore
import Glibc

/// Standard output and standard error of this process.
enum Console {
  /// Writes lines to standard output.
  static func print(_ lines: [String]) throws(CommandFailure) {
    try write(lines.map { $0 + "\n" }.joined(), to: STDOUT_FILENO)
  }

  /// Writes lines to standard error.
  static func printError(_ lines: [String]) throws(CommandFailure) {
    try write(lines.map { $0 + "\n" }.joined(), to: STDERR_FILENO)
  }

  /// Writes `value` to standard output as JSON, indented, keys sorted.
  static func print(json value: some Encodable) throws(CommandFailure) {
    let bytes: [UInt8]
    do {
      bytes = try ControlCoding.encode(value, pretty: true)
    } catch {
      throw CommandFailure(.refused, "this cannot be written as JSON: \(error.message)")
    }
    try write(String(decoding: bytes, as: UTF8.self) + "\n", to: STDOUT_FILENO)
  }

  /// Writes `text` as it is. A reader that went away (`| head`) ends the command without a word.
  static func write(_ text: String, to descriptor: CInt = STDOUT_FILENO) throws(CommandFailure) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, -1)
      } else if errno != EINTR {
        let why = errno == EPIPE ? "" : "cannot write: \(String(cString: strerror(errno)))"
        throw CommandFailure(.refused, why)
      }
    }
  }

  /// What rendering needs to know of this process and its terminal.
  static func surroundings() -> Surroundings {
    let zones = ZoneFiles()
    return Surroundings(
      width: width, lineWidth: lineWidth, style: style(of: STDOUT_FILENO), now: now(), localZone: zones.localZone,
      zone: { zones.zone(named: $0) ?? .utc })
  }

  /// A person sits at both ends, and can be asked.
  static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isTerminal }

  /// Asks a person; anything but `y` or `yes` is no.
  static func confirms(_ question: String) throws(CommandFailure) -> Bool {
    try write("\(question) [y/N] ")
    let answer = readLine() ?? ""
    return ["y", "yes"].contains(answer.lowercased().filter { !$0.isWhitespace })
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Columns into which text is wrapped: 80, which the eye can follow, or fewer on a narrower terminal.
  static var width: Int { min(80, lineWidth) }

  /// Columns that a line may have which is cut when it is longer: those of the terminal; all it needs where there is none.
  private static var lineWidth: Int {
    guard isTerminal else { return .max }
    return size.columns > 0 ? max(40, size.columns) : 80
  }

  /// Rows of the terminal; 0 where there is none.
  static var rows: Int { size.rows }

  /// The wall clock.
  static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// The value of an environment variable; `nil` when it is not set or empty.
  static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// Colours only on a terminal that has them, and never with `NO_COLOR`. Source: no-color.org.
  private static func style(of descriptor: CInt) -> Style {
    let hasColour = isatty(descriptor) == 1 && environment("NO_COLOR") == nil && environment("TERM") != "dumb"
    let locale = environment("LC_ALL") ?? environment("LC_CTYPE") ?? environment("LANG") ?? ""
    let isUnicode = locale.uppercased().contains("UTF-8") || locale.uppercased().contains("UTF8")
    return Style(hasColour: hasColour, isUnicode: isUnicode)
  }

  private static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 else { return (0, 0) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}
