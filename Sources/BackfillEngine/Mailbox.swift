import BackfillCore

/// Where messages to the engine's loop arrive, in order.
struct Mailbox: Sendable {
  let messages: AsyncStream<Message>
  private let continuation: AsyncStream<Message>.Continuation

  init() {
    (messages, continuation) = AsyncStream.makeStream(of: Message.self, bufferingPolicy: .unbounded)
  }

  /// Puts `message` into the box; a request that comes after `close` is refused.
  func post(_ message: Message) {
    if case .terminated = continuation.yield(message) { message.refuse(Self.ending) }
  }

  /// Takes no further message; what is still in the box is refused by `refuseRest`.
  func close() {
    continuation.finish()
  }

  /// Answers every request that is still in the box, so that nobody waits for ever.
  func refuseRest() async {
    for await message in messages { message.refuse(Self.ending) }
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
    case .request(.describe(_, let reply)): reply.refuse(.unavailable, why)
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
