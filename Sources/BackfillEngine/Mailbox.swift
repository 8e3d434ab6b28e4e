import BackfillCore
import Synchronization

/// Where messages to the engine's loop arrive, in order. One task takes them out.
///
/// `AsyncStream` would do, at several times the cost of a message.
final class Mailbox: Sendable {
  private struct State {
    /// Those that wait, from `first` on; what was taken out before it is left there until all are.
    var messages: [Message?] = []
    var first = 0
    var reader: CheckedContinuation<Message?, Never>?
    var isClosed = false

    mutating func take() -> Message? {
      guard first < messages.count else { return nil }
      defer {
        messages[first] = nil
        first += 1
        if first == messages.count {
          messages.removeAll(keepingCapacity: first < 64)
          first = 0
        }
      }
      return messages[first]
    }
  }

  private let state = Mutex(State())
  private let loop: any TaskExecutor

  /// Makes a box whose reader runs on `loop`.
  init(of loop: any TaskExecutor) {
    self.loop = loop
  }

  /// Puts `message` into the box, from a thread that does nothing of the loop's work.
  ///
  /// The thread of a date may have been left work of the loop's, and be held up by a disk before it comes to it. Going over
  /// the loop's executor has the loop's own thread do it.
  func post(fromOutside message: Message) {
    Task(executorPreference: loop) { self.post(message) }
  }

  /// Puts `message` into the box; a request that comes after `close` is refused.
  func post(_ message: Message) {
    let (reader, isClosed) = state.withLock { state in
      guard !state.isClosed else { return (nil as CheckedContinuation<Message?, Never>?, true) }
      if state.reader == nil { state.messages.append(message) }
      defer { state.reader = nil }
      return (state.reader, false)
    }
    if isClosed { return message.refuse(Self.ending) }
    reader?.resume(returning: message)
  }

  /// The next message; `nil` when none comes any more, or the calling task is cancelled while it waits.
  func next() async -> Message? {
    if let message = state.withLock({ $0.take() }) { return message }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Message?? = state.withLock { state in
          if let message = state.take() { return .some(message) }
          if state.isClosed || Task.isCancelled { return .some(nil) }
          state.reader = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      takeReader()?.resume(returning: nil)
    }
  }

  /// Takes no further message; what is still in the box is refused by `refuseRest`.
  func close() {
    state.withLock { $0.isClosed = true }
    takeReader()?.resume(returning: nil)
  }

  /// Answers every request that is still in the box, so that nobody waits for ever.
  func refuseRest() async {
    while let message = await next() { message.refuse(Self.ending) }
  }

  private func takeReader() -> CheckedContinuation<Message?, Never>? {
    state.withLock { state in
      defer { state.reader = nil }
      return state.reader
    }
  }

  /// Why nothing is taken any more.
  static let ending = "backfilld is stopping"
}

extension Message {
  /// Answers whoever waits for what comes of the message that it is not carried out, and why.
  func refuse(_ why: String) {
    switch self {
    case .request(.status(_, let reply)): reply.refuse(.unavailable, why)
    case .request(.firings(let reply)): reply.refuse(.unavailable, why)
    case .request(.describe(_, _, let reply)): reply.refuse(.unavailable, why)
    case .request(.run(_, _, let reply)), .request(.change(_, _, let reply)), .request(.pause(_, _, let reply)),
      .request(.resume(_, _, let reply)):
      reply.refuse(.unavailable, why)
    case .request(.reload(let asker)): asker.reply?.refuse(.unavailable, why)
    case .request(.foresee(_, let reply)): reply.refuse(.unavailable, why)
    case .request(.rejudge(_, let reply)): reply.refuse(.unavailable, why)
    case .request(.rerun(_, _, let reply)), .rerunPlanned(_, _, let reply): reply.refuse(.unavailable, why)
    case .request(.importDone(_, _, let reply)): reply.refuse(.unavailable, why)
    case .asked(_, let reply): reply.refuse(.unavailable, why)
    case .dateEnding(_, let reply): reply.give(nil)
    default: break
    }
  }
}
