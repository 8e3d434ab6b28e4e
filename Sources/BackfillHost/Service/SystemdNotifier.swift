import BackfillCore
import CSystemd
import Glibc

/// Tells systemd how the service is; does nothing where `NOTIFY_SOCKET` is not set. Source: sd_notify(3).
public struct SystemdNotifier: ServiceNotifier {
  public let watchdogInterval: Duration?
  private let onFailure: @Sendable (SystemFailure) -> Void

  /// Reads the watchdog's settings; they count only when `WATCHDOG_PID` names this process.
  ///
  /// - Parameter onFailure: Called when systemd could not be told.
  public init(onFailure: @escaping @Sendable (SystemFailure) -> Void = Self.report) {
    var microseconds: UInt64 = 0
    watchdogInterval = sd_watchdog_enabled(0, &microseconds) > 0 ? .microseconds(Int64(microseconds / 2)) : nil
    self.onFailure = onFailure
  }

  public func ready() {
    notify("READY=1")
  }

  public func status(_ text: String) {
    notify("STATUS=\(Self.line(text))")
  }

  public func stopping() {
    notify("STOPPING=1")
  }

  public func watchdog() {
    notify("WATCHDOG=1")
  }

  /// The configuration is being read again; `ready()` ends it.
  public func reloading() {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    notify("RELOADING=1\nMONOTONIC_USEC=\(Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)")
  }

  public func extendTimeout(by duration: Duration) {
    notify("EXTEND_TIMEOUT_USEC=\(max(0, duration.wholeMilliseconds) * 1000)")
  }

  /// Writes the failure to standard error.
  public static func report(_ failure: SystemFailure) {
    StandardError.write(line: Array("backfilld: \(failure)".utf8))
  }

  private func notify(_ state: String) {
    let result = sd_notify(0, state)
    guard result < 0 else { return }
    onFailure(SystemFailure("cannot tell systemd \(state.prefix { $0 != "=" })", code: -result))
  }

  /// `text` on one line: a line feed would begin another assignment.
  private static func line(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    return String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }
}
