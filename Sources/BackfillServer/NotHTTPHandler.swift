import BackfillControl
import NIOCore

/// Answers bytes that are not HTTP with a sentence, and closes the connection.
final class NotHTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private static let rawName = "backfilld.raw"

  /// Marks the place in front of the HTTP codec from which raw bytes can be written; called before the codec is added.
  static func prepare(_ channel: any Channel) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(RawEnd(), name: rawName)
    }
  }

  /// Whatever is not a failure of the socket comes from the HTTP decoder.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard !(error is IOError), !(error is ChannelError) else { return context.fireErrorCaught(error) }
    do {
      let raw = try context.pipeline.syncOperations.context(name: Self.rawName)
      raw.writeAndFlush(NIOAny(ByteBuffer(bytes: try Self.response())), promise: nil)
      context.close(promise: nil)
    } catch {
      context.fireErrorCaught(error)
    }
  }

  private static func response() throws(CodingFailure) -> [UInt8] {
    let body = try ControlCoding.encode(ControlError.notHTTP.body)
    let head = """
      HTTP/1.1 400 Bad Request\r
      content-type: application/json\r
      content-length: \(body.count)\r
      connection: close\r
      \r

      """
    return Array(head.utf8) + body
  }

  /// Does nothing: it is a place.
  private final class RawEnd: ChannelInboundHandler {
    typealias InboundIn = NIOAny
  }
}
