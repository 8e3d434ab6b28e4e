import BackfillCore
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// A request as it goes over the socket.
struct ControlRequest: Sendable {
  let method: ControlRoute.Method
  let path: String
  let body: [UInt8]
}

/// A response as it came.
struct ControlResponse: Sendable {
  let status: Int
  let body: [UInt8]
}

extension ControlClient {
  /// Connects, sends `request`, and waits for the whole response.
  ///
  /// A question that is cut off is asked once more, within `patience`: systemd opens its socket anew when it restarts the
  /// daemon, and drops those who wait in the old one. Not more often, for it could be the question that brings the daemon
  /// down. A command is sent once.
  func exchange(_ request: ControlRequest) async throws(ControlFailure) -> ControlResponse {
    do {
      return try await connectAndAsk(request)
    } catch {
      guard request.method == .get, Self.isCutOff(error) else { throw failure(for: error, of: request.method) }
    }
    do {
      return try await askOnceMore(request)
    } catch {
      throw failure(for: error, of: request.method)
    }
  }

  private func askOnceMore(_ request: ControlRequest) async throws -> ControlResponse {
    let pause = Duration.milliseconds(50)
    var waited = Duration.zero
    while true {
      do {
        return try await connectAndAsk(request)
      } catch {
        guard waited < patience, Self.isNobodyThere(error) else { throw error }
      }
      try await Task.sleep(for: pause)
      waited += pause
    }
  }

  private func connectAndAsk(_ request: ControlRequest) async throws -> ControlResponse {
    let timeout = TimeAmount.milliseconds(timeout.wholeMilliseconds)
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(timeout)
    let address = try SocketAddress(unixDomainSocketPath: socketPath)
    let answer = try await bootstrap.connect(to: address) { channel in
      channel.eventLoop.makeCompletedFuture {
        let promise = channel.eventLoop.makePromise(of: ControlResponse.self)
        try channel.pipeline.syncOperations.addHTTPClientHandlers()
        try channel.pipeline.syncOperations.addHandler(
          ExchangeHandler(request: request, timeout: timeout, promise: promise))
        return promise.futureResult
      }
    }
    return try await answer.get()
  }

  /// The other end was closed before the whole answer was there: EPIPE, ECONNRESET, or its orderly end.
  private static func isCutOff(_ error: any Error) -> Bool {
    if case ExchangeHandler.Ending.closed = error { return true }
    return [EPIPE, ECONNRESET].contains((error as? IOError)?.errnoCode)
  }

  private static func isNobodyThere(_ error: any Error) -> Bool {
    [ENOENT, ECONNREFUSED].contains((error as? IOError)?.errnoCode)
  }

  private func failure(for error: any Error, of method: ControlRoute.Method) -> ControlFailure {
    switch error {
    case _ where Self.isCutOff(error):
      .unreachable(
        "the daemon at \(socketPath) closed the connection before it answered"
          + (method == .get ? "" : "; whether it did this is not known: see `backfillctl status`, then try again"))
    case let error as IOError: unreachable(errno: error.errnoCode)
    case SocketAddressError.unixDomainSocketPathTooLong:
      .unreachable("cannot reach backfilld at \(socketPath): a socket path has at most 107 bytes")
    case ChannelError.connectTimeout:
      .unreachable("cannot reach backfilld at \(socketPath): it does not accept connections")
    case ExchangeHandler.Ending.timedOut:
      .protocolError("the daemon at \(socketPath) did not answer within \(timeout.spoken)")
    case ExchangeHandler.Ending.tooLarge:
      .protocolError("the answer of the daemon at \(socketPath) is larger than 256 MiB")
    case is HTTPParserError:
      .protocolError("what answers at \(socketPath) does not speak HTTP; is it backfilld?")
    default: .protocolError("no answer from the daemon at \(socketPath): \(error)")
    }
  }

  /// The name of the user of this process; the number where it has none.
  private static var user: String {
    guard let entry = getpwuid(geteuid()), let name = entry.pointee.pw_name else { return String(geteuid()) }
    return String(cString: name)
  }

  /// Source of the numbers: errno(3), connect(2), Linux.
  private func unreachable(errno: CInt) -> ControlFailure {
    let manager = isUser ? "--user " : ""
    var status = stat()
    let isOther = stat(socketPath, &status) == 0 && status.st_mode & S_IFMT != S_IFSOCK
    let why =
      switch errno {
      // Linux refuses connections to whatever it is.
      case 111 where isOther: "this is not a socket"
      case 2: "no such socket; is the daemon running? (systemctl \(manager)status backfilld)"
      case 111: "nobody listens on this socket; is the daemon running? (systemctl \(manager)status backfilld)"
      case 13:
        "permission denied; root and members of the group `\(ServiceAccount.group)` may: an administrator lets you in with "
          + "`usermod -aG \(ServiceAccount.group) \(Self.user)`; log in again after that (id -nG shows your groups)"
      case 88, 20: "this is not a socket"
      case 11: "it is too busy to accept connections; try again"
      default: IOError(errnoCode: errno, reason: "connect").localizedWords
      }
    return .unreachable("cannot reach backfilld at \(socketPath): \(why)")
  }
}

extension IOError {
  /// The words of the C library for the number.
  fileprivate var localizedWords: String { "\(self)" }
}

/// Sends the request when the connection stands, and gathers the response.
private final class ExchangeHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  /// Why no response came.
  enum Ending: Error {
    case closed, timedOut, tooLarge
  }

  private static let limit = 256 << 20

  private let request: ControlRequest
  private let timeout: TimeAmount
  private let promise: EventLoopPromise<ControlResponse>
  private var status: Int?
  private var body: [UInt8] = []
  private var deadline: Scheduled<Void>?
  private var isSettled = false

  init(request: ControlRequest, timeout: TimeAmount, promise: EventLoopPromise<ControlResponse>) {
    self.request = request
    self.timeout = timeout
    self.promise = promise
  }

  func channelActive(context: ChannelHandlerContext) {
    let loopBound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    deadline = context.eventLoop.scheduleTask(in: timeout) {
      loopBound.value.handler.settle(.failure(Ending.timedOut), loopBound.value.context)
    }
    var headers: HTTPHeaders = ["Host": "backfilld", "Connection": "close"]
    if request.method == .post {
      headers.add(name: "Content-Type", value: "application/json")
      headers.add(name: "Content-Length", value: String(request.body.count))
    }
    let method: HTTPMethod = request.method == .get ? .GET : .POST
    let head = HTTPRequestHead(version: .http1_1, method: method, uri: request.path, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if !request.body.isEmpty {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: request.body)))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): status = Int(head.status.code)
    case .body(let part):
      guard body.count + part.readableBytes <= Self.limit else {
        return settle(.failure(Ending.tooLarge), context)
      }
      body.append(contentsOf: part.readableBytesView)
    case .end:
      if let status { settle(.success(ControlResponse(status: status, body: body)), context) }
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    settle(.failure(Ending.closed), context)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    settle(.failure(error), context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    settle(.failure(Ending.closed), context)
  }

  private func settle(_ result: Result<ControlResponse, any Error>, _ context: ChannelHandlerContext) {
    guard !isSettled else { return }
    isSettled = true
    deadline?.cancel()
    promise.completeWith(result)
    context.close(promise: nil)
  }
}
