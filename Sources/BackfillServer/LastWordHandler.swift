import BackfillControl
import NIOCore
import NIOHTTP1

/// Says why a connection ends whose request was not answered: so much of a request came, and no more, or no HTTP at all.
///
/// It stands in front of the HTTP codec, where every byte passes. A connection that is closed without having said
/// anything, or after its last answer, gets no word.
final class LastWordHandler: ChannelDuplexHandler {
  typealias InboundIn = NIOAny
  typealias OutboundIn = NIOAny

  /// What the handlers and tasks behind the codec may tell this one, as an outbound event.
  enum Ending: Sendable {
    /// Close with this answer.
    case answer(ControlError)
    /// The request was answered before all of it had come: what comes still is not waited for.
    case answered
  }

  /// Whether bytes have come since the last ones that were sent.
  private var isAsked = false
  private var isAnsweredForGood = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isAsked = true
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    isAsked = false
    context.write(data, promise: promise)
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    switch event {
    case Ending.answer(let error):
      say(error, context)
      context.close(promise: promise)
    case Ending.answered:
      isAnsweredForGood = true
      promise?.succeed()
    default: context.triggerUserOutboundEvent(event, promise: promise)
    }
  }

  /// Whoever closes a connection in the middle of a request has waited long enough for the rest of it.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    if mode == .all, isAsked {
      // First, so that nobody takes what came of a body for the whole of it.
      context.fireErrorCaught(BrokenOff())
      say(.timedOut, context)
    }
    context.close(mode: mode, promise: promise)
  }

  private func say(_ error: ControlError, _ context: ChannelHandlerContext) {
    guard !isAnsweredForGood else { return }
    isAnsweredForGood = true
    do {
      context.writeAndFlush(NIOAny(ByteBuffer(bytes: try Self.response(error))), promise: nil)
    } catch {
      context.fireErrorCaught(error)
    }
  }

  private static func response(_ error: ControlError) throws(CodingFailure) -> [UInt8] {
    let body = try ControlCoding.encode(error.body)
    let head = """
      HTTP/1.1 \(error.status) \(HTTPResponseStatus(statusCode: error.status).reasonPhrase)\r
      content-type: application/json\r
      content-length: \(body.count)\r
      connection: close\r
      \r

      """
    return Array(head.utf8) + body
  }
}

/// The connection was closed in the middle of a request.
private struct BrokenOff: Error {}

/// Turns what the HTTP decoder refuses into the last word of its connection.
final class NotHTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  /// Whatever is not a failure of the socket comes from the HTTP decoder.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // Whoever waits for the rest of a body must not take its beginning for the whole.
    context.fireErrorCaught(error)
    guard !(error is IOError), !(error is ChannelError), !(error is BrokenOff) else { return }
    let isTooLarge = error as? HTTPParserError == .headerOverflow
    context.triggerUserOutboundEvent(
      LastWordHandler.Ending.answer(isTooLarge ? ControlLimits.headTooLarge : .notHTTP), promise: nil)
  }
}
