import BackfillControl
import BackfillCore
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Serves the control API on a Unix socket until it is asked to stop.
public struct ControlServer: Service {
  /// Where the server listens.
  public enum Socket: Sendable, Equatable {
    /// A path of the file system; the socket is made there with mode 0660, and removed at the end.
    case path(String)
    /// A descriptor that systemd bound already; its path, mode and end are systemd's. Source: sd_listen_fds(3).
    case handedOver(CInt)
  }

  private let operations: any Operations
  private let socket: Socket
  private let limits: ControlLimits
  private let logger: Logger
  private let onServing: @Sendable () async -> Void

  /// Makes the server; nothing is opened before `run`.
  ///
  /// - Parameters:
  ///   - operations: What carries the requests out.
  ///   - socket: Where to listen.
  ///   - limits: How much one client may ask for.
  ///   - logger: Takes what NIO has to say; nothing at `info` or above in normal work.
  ///   - onServing: Called once, when connections are accepted.
  public init(
    operations: any Operations, socket: Socket, limits: ControlLimits = ControlLimits(), logger: Logger,
    onServing: @escaping @Sendable () async -> Void = {}
  ) {
    self.operations = operations
    self.socket = socket
    self.limits = limits
    self.logger = logger
    self.onServing = onServing
  }

  /// Serves until the service group shuts down gracefully: no new connections then, requests under way are answered.
  ///
  /// Throws `ControlSocketFailure` when the socket cannot be had.
  public func run() async throws {
    let listening = try ListeningSocket(socket)
    defer { listening.remove() }
    let connections = OpenConnections()
    let http = makeChannel()
    let logger = logger
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelInitializer { [limits] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            AvailableConnectionsChannelHandler(maxConnections: limits.connections))
        }
      }
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .bind(listening.descriptor) { channel in
        connections.add(channel)
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(LastWordHandler())
        }.flatMap { http.setup(channel: channel, logger: logger) }
      }
    try await withGracefulShutdownHandler {
      await onServing()
      try await withThrowingDiscardingTaskGroup { group in
        try await server.executeThenClose { inbound in
          for try await connection in inbound {
            group.addTask { await http.handle(value: connection, logger: logger) }
          }
        }
      }
    } onGracefulShutdown: {
      server.channel.close(promise: nil)
      connections.quiesce()
    }
  }

  private func makeChannel() -> HTTP1Channel {
    let limits = limits
    let responder = ControlResponder(operations: operations, limits: limits)
    return HTTP1Channel(
      responder: { request, writer, channel in
        func close(after time: Duration) -> Scheduled<Void> {
          channel.eventLoop.scheduleTask(in: .milliseconds(time.wholeMilliseconds)) { channel.close(promise: nil) }
        }
        var body = request.body.makeAsyncIterator()
        let bodyDeadline = close(after: limits.bodyDeadline)
        defer { bodyDeadline.cancel() }
        let response = await responder.respond(to: request, body: &body, deadline: bodyDeadline, on: channel)
        let answerDeadline = close(after: limits.answerDeadline)
        defer { answerDeadline.cancel() }
        try await writer.write(response: response.head, body: response.body)
        guard response.status.code == ControlError.tooLarge(limit: 0).status else { return }
        // A client that is still sending reads its answer only when it gets rid of the rest: that is thrown away, until
        // its deadline. Left where it is, it would hide that the client has gone, and the connection would keep its place.
        while try await body.next() != nil {}
        channel.close(promise: nil)
      },
      configuration: HTTP1Channel.Configuration(
        additionalChannelHandlers: [NotHTTPHandler()],
        idleTimeout: TimeAmount.milliseconds(limits.idle.wholeMilliseconds),
        httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
          maxHeaderFieldSize: ControlLimits.headField, maxHeaderListSize: ControlLimits.head,
          maxHeaderFieldCount: ControlLimits.headFields)))
  }
}

/// How much one client, and all of them, may ask for.
public struct ControlLimits: Sendable, Equatable {
  /// Bytes of a request's head, of one field of it or its path, and how many fields.
  static let head = 32 << 10
  static let headField = 16 << 10
  static let headFields = 100

  /// Bytes of a request's body.
  public let body: Int
  /// Bytes of the body of an import: the dates of a hundred years.
  public let importBody: Int
  /// Connections at the same time; further ones wait in the backlog of the socket.
  public let connections: Int
  /// A connection that brings no request, and no further part of one, for so long is closed: a head has so much time.
  public let idle: Duration
  /// A body must be here so long after its head.
  public let bodyDeadline: Duration
  /// A client must have taken its answer so long after it was ready; it could hold up an orderly stop otherwise.
  public let answerDeadline: Duration

  public init(
    body: Int = 64 << 10, importBody: Int = 512 << 10, connections: Int = 256, idle: Duration = .seconds(10),
    bodyDeadline: Duration = .seconds(10),
    answerDeadline: Duration = .seconds(30)
  ) {
    self.body = body
    self.importBody = importBody
    self.connections = connections
    self.idle = idle
    self.bodyDeadline = bodyDeadline
    self.answerDeadline = answerDeadline
  }

  /// The answer to a head above the limits.
  static var headTooLarge: ControlError {
    .headTooLarge(limit: head, field: headField, fields: headFields)
  }
}
