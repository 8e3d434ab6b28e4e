import BackfillControl
import BackfillCore
import Hummingbird
import HummingbirdCore
import NIOCore

/// Turns one HTTP request into a call of `Operations`, and what comes back into a response.
struct ControlResponder: Sendable {
  let operations: any Operations
  let doorkeeper = Doorkeeper()
  let limits: ControlLimits

  /// Answers `request`; every failure is an answer too.
  ///
  /// `body` is the request's; where the answer is 413, there may be more in it. `deadline` is that of the body: it is
  /// cancelled when the body is there.
  func respond(
    to request: Request, body: inout RequestBody.AsyncIterator, deadline: Scheduled<Void>, on channel: any Channel
  ) async -> Response {
    var response = await answered(request, body: &body, deadline: deadline, on: channel)
    // A client takes the body for the next answer. Source: RFC 9110, section 9.3.2.
    if request.head.method == .head { response.body = ResponseBody() }
    return response
  }

  private func answered(
    _ request: Request, body: inout RequestBody.AsyncIterator, deadline: Scheduled<Void>, on channel: any Channel
  ) async -> Response {
    do {
      let bytes = try await bytes(of: &body, upTo: bodyLimit(of: request), on: channel)
      deadline.cancel()
      let call = try ControlCall(
        method: request.head.method.rawValue, path: request.head.path ?? "", body: bytes)
      let peer = await Peer.of(channel)
      try doorkeeper.check(peer, for: call)
      return response(status: .ok, bytes: try await answer(to: call, by: peer.name))
    } catch {
      return response(for: error)
    }
  }

  /// The whole body is read before anything else, so that the connection can be used again whatever the answer is.
  private func bytes(
    of body: inout RequestBody.AsyncIterator, upTo limit: Int, on channel: any Channel
  ) async throws(ControlError) -> [UInt8] {
    var bytes: [UInt8] = []
    do {
      while let part = try await body.next() {
        guard bytes.count + part.readableBytes <= limit else {
          channel.triggerUserOutboundEvent(LastWordHandler.Ending.answered, promise: nil)
          throw ControlError.tooLarge(limit: limit)
        }
        bytes += part.readableBytesView
      }
      return bytes
    } catch let error as ControlError {
      throw error
    } catch {
      throw .notHTTP
    }
  }

  private func bodyLimit(of request: Request) -> Int {
    let match = ControlRoute.match(method: request.head.method.rawValue, path: request.head.path ?? "")
    if case .found(.importDone, _) = match { return limits.importBody }
    return limits.body
  }

  private func answer(to call: ControlCall, by: String) async throws(ControlError) -> [UInt8] {
    do {
      switch call {
      case .status(let window): return try encode(await operations.status(of: window))
      case .show(let window, let date): return try encode(await operations.show(window, date: date))
      case .doctor: return try encode(await operations.doctor())
      case .plan(let request): return try encode(await operations.plan(request))
      case .failures(let request): return try encode(await operations.failures(request))
      case .validate(let request): return try encode(await operations.validate(request, by: by))
      case .backup(let file): return try encode(await operations.backup(to: file, by: by))
      case .run(let request): return try encode(await operations.run(request, by: by))
      case .change(let request): return try encode(await operations.change(request, by: by))
      case .rerun(let request): return try encode(await operations.rerun(request, by: by))
      case .importDone(let request): return try encode(await operations.importDone(request, by: by))
      case .pause(let request): return try encode(await operations.pause(request, by: by))
      case .resume(let request): return try encode(await operations.resume(request, by: by))
      case .reload: return try encode(await operations.reload(by: by))
      }
    } catch let refusal as Refusal {
      throw ControlError(refusal)
    } catch let failure as CodingFailure {
      throw .failed("the answer cannot be written as JSON: \(failure.message)")
    } catch {
      throw .failed("\(error)")
    }
  }

  private func encode(_ answer: some Encodable) throws(CodingFailure) -> [UInt8] {
    try ControlCoding.encode(answer)
  }

  private func response(for error: ControlError) -> Response {
    var response: Response
    let status = HTTPResponse.Status(code: error.status)
    do {
      response = self.response(status: status, bytes: try ControlCoding.encode(error.body))
    } catch {
      response = self.response(status: status, bytes: [])
    }
    // What follows the answer to half a request is not the next one.
    if error.kind == "too-large" { response.headers[.connection] = "close" }
    if !error.allowed.isEmpty { response.headers[.allow] = error.allowed.joined(separator: ", ") }
    return response
  }

  private func response(status: HTTPResponse.Status, bytes: [UInt8]) -> Response {
    Response(
      status: status,
      headers: [.contentType: "application/json", .contentLength: String(bytes.count)],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
