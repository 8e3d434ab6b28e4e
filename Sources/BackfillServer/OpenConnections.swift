import NIOCore
import Synchronization

/// The connections that are open, so that an orderly stop can tell them.
final class OpenConnections: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var isQuiescing = false
  }

  private let state = Mutex(State())

  /// Takes a new connection in; it leaves by itself when it is closed.
  func add(_ channel: any Channel) {
    let key = ObjectIdentifier(channel)
    let isLate = state.withLock { state in
      state.channels[key] = channel
      return state.isQuiescing
    }
    channel.closeFuture.whenComplete { _ in
      self.state.withLock { _ = $0.channels.removeValue(forKey: key) }
    }
    if isLate { channel.close(promise: nil) }
  }

  /// Closes idle connections now, the others when their request is answered.
  func quiesce() {
    let channels = state.withLock { state in
      state.isQuiescing = true
      return Array(state.channels.values)
    }
    for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
  }
}
