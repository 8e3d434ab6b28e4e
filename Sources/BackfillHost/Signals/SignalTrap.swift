import CSystemd
import Glibc

/// The signals that the daemon acts on.
public enum DaemonSignal: Int32, Sendable, CaseIterable {
  /// SIGHUP: read the configuration again.
  case reload = 1
  /// SIGINT: stop.
  case interrupt = 2
  /// SIGTERM: stop.
  case terminate = 15
}

/// Catches SIGTERM, SIGINT and SIGHUP from the moment it is made, and makes SIGPIPE harmless.
///
/// To be made once, as the first thing of the process: before that, each of them ends it. It is made of handlers, not of
/// ignored or blocked signals, because those would be inherited by every program that is started.
public struct SignalTrap: Sendable {
  /// The signals in the order in which they came; those that came before the first look are kept. Has one reader.
  public let signals: AsyncStream<DaemonSignal>

  /// Installs the trap, for the rest of the process's life.
  public init() throws(SystemFailure) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemFailure("cannot make a pipe for signals", code: errno) }
    let (reading, writing) = (ends[0], ends[1])
    // The handler must not block when nobody reads.
    guard fcntl(reading, F_SETFD, FD_CLOEXEC) == 0, fcntl(writing, F_SETFD, FD_CLOEXEC) == 0,
      fcntl(writing, F_SETFL, O_NONBLOCK) == 0
    else {
      throw SystemFailure("cannot set up the pipe for signals", code: errno)
    }
    for signal in DaemonSignal.allCases {
      let code = chost_trap(signal.rawValue, writing)
      guard code == 0 else { throw SystemFailure("cannot trap signal \(signal.rawValue)", code: code) }
    }
    let code = chost_disarm(SIGPIPE)
    guard code == 0 else { throw SystemFailure("cannot trap SIGPIPE", code: code) }

    let (signals, continuation) = AsyncStream.makeStream(of: DaemonSignal.self)
    try Thread.start { Self.forward(from: reading, to: continuation) }
    self.signals = signals
  }

  private static func forward(from pipe: Int32, to continuation: AsyncStream<DaemonSignal>.Continuation) {
    var byte: UInt8 = 0
    while true {
      let count = read(pipe, &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count == 1 else { return continuation.finish() }
      if let signal = DaemonSignal(rawValue: Int32(byte)) { continuation.yield(signal) }
    }
  }
}
