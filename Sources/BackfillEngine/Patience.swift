import BackfillCore

/// How long systemd is asked to wait for a stop: piece by piece, so that it does not wait for a daemon that hangs.
///
/// Source: sd_notify(3), EXTEND_TIMEOUT_USEC: each message says within what time the next one must come.
struct StopPatience: Equatable {
  /// The wait between two messages.
  static let pause = Duration.seconds(20)
  /// What one message asks for at most.
  static let piece = Duration.seconds(60)
  /// What comes after the grace time: SIGTERM, `killGrace`, SIGKILL, the last commits.
  static let ending = Duration.seconds(30)

  private var left: Duration

  init(grace: Duration) {
    left = grace + Self.ending
  }

  /// What the next message asks for; `nil` when a stop cannot need more.
  mutating func next() -> Duration? {
    guard left > .zero else { return nil }
    defer { left -= Self.pause }
    return min(left, Self.piece)
  }
}

/// Asks systemd for more time while the daemon starts: a migration, or the end of what a dead daemon left, may take longer
/// than `TimeoutStartSec`. A start that takes no longer than usual asks for nothing.
public struct StartPatience: Sendable {
  /// The wait before the first message and between two.
  static let pause = Duration.seconds(20)
  /// What one message asks for.
  static let piece = Duration.seconds(60)
  /// A start that takes longer is taken for one that hangs.
  static let limit = Duration.seconds(3600)

  private let notifier: any ServiceNotifier
  private let clock: any Clock
  private let untilReady: @Sendable () async -> Void

  /// Makes the patience of one start; `untilReady` returns when it is over, or the task is cancelled.
  public init(notifier: any ServiceNotifier, clock: any Clock, untilReady: @escaping @Sendable () async -> Void) {
    self.notifier = notifier
    self.clock = clock
    self.untilReady = untilReady
  }

  /// Returns when the start is over, or the task is cancelled.
  public func run() async {
    await withTaskGroup(of: Void.self) { race in
      race.addTask { await untilReady() }
      race.addTask {
        do {
          var asked = Duration.zero
          while asked < Self.limit {
            try await clock.wait(for: Self.pause)
            notifier.extendTimeout(by: Self.piece)
            asked += Self.pause
          }
          await untilReady()
        } catch {
          // The start is over.
        }
      }
      await race.next()
      race.cancelAll()
    }
  }
}
