import BackfillCore
import CSystemd
import Glibc

/// Chooses where events and the output of steps go: the journal, or lines on standard error.
///
/// The journal when systemd connected standard error to it, or threw it away on a machine that systemd booted; otherwise a
/// person or a file reads standard error, and gets the lines. Sources: systemd.exec(5), `$JOURNAL_STREAM`; sd_booted(3).
/// - Parameters:
///   - environment: The environment of this process.
///   - clock: Tells the time of lines on standard error.
/// - Returns: A sink that any thread may use.
public func eventSink(environment: [String: String], clock: any Clock) -> any EventSink & OutputSink {
  let facts = StandardErrorFacts(environment: environment, descriptor: STDERR_FILENO)
  let standardError = StandardErrorSink(style: facts.style, clock: clock)
  if facts.isForJournal { return BudgetedOutput(JournalSink(fallback: standardError), clock: clock) }
  return facts.isJournalStream ? BudgetedOutput(standardError, clock: clock) : standardError
}

/// Writes to standard error why this process ends, as an error of the journal where systemd connected it to that.
///
/// - Returns: `false` when it is not connected, and nothing was written.
public func tellJournal(_ failure: String, environment: [String: String]) -> Bool {
  guard StandardErrorFacts(environment: environment, descriptor: STDERR_FILENO).isJournalStream else { return false }
  StandardError.write(line: Array("<\(JournalPriority.error.rawValue)>\(failure)".utf8))
  return true
}

/// What is known about standard error.
struct StandardErrorFacts: Equatable {
  /// systemd connected it to the journal.
  var isJournalStream = false
  /// It is `/dev/null`, or closed.
  var isDiscarded = false
  var isTerminal = false
  /// journald can be reached by its own protocol.
  var hasJournalSocket = false
  /// systemd is the init of this machine.
  var isBooted = false
  /// The reader does not want colours, or the terminal has none. Source: no-color.org.
  var isColourless = false

  /// Whether the native protocol of the journal is to be used.
  var isForJournal: Bool {
    hasJournalSocket && (isJournalStream || (isDiscarded && isBooted))
  }

  var style: StandardErrorSink.Style {
    if isJournalStream { return .prefixed }
    return isTerminal && !isColourless ? .coloured : .plain
  }
}

extension StandardErrorFacts {
  static let journalSocket = "/run/systemd/journal/socket"

  /// Looks at `descriptor`.
  init(environment: [String: String], descriptor: Int32, journalSocket: String = Self.journalSocket) {
    var null = stat()
    let hasNull = stat("/dev/null", &null) == 0
    var facts = stat()
    if fstat(descriptor, &facts) == 0 {
      isJournalStream = environment["JOURNAL_STREAM"] == "\(facts.st_dev):\(facts.st_ino)"
      isDiscarded = hasNull && facts.st_mode & S_IFMT == S_IFCHR && facts.st_rdev == null.st_rdev
    } else {
      isDiscarded = true
    }
    isTerminal = isatty(descriptor) == 1
    hasJournalSocket = access(journalSocket, W_OK) == 0
    isBooted = sd_booted() > 0
    isColourless = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
  }
}
