import BackfillCore
import BackfillServer
import BackfillTestKit
import Glibc
import Testing

/// What comes over the socket is not what was agreed: the exact answers.
@Suite(.timeLimit(.minutes(1)))
struct BadRequestTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let request: String
    let status: String
    let body: String
    var testDescription: String { request.prefix { $0 != "\r\n" }.description }

    init(_ start: String, _ body: String? = nil, _ status: String, _ answer: String) {
      var request = "\(start) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
      if let body { request += "Content-Length: \(body.utf8.count)\r\n" }
      self.request = request + "\r\n" + (body ?? "")
      self.status = status
      self.body = answer
    }
  }

  private static func error(_ kind: String, _ message: String) -> String {
    #"{"error":{"kind":"\#(kind)","message":"\#(message)"}}"#
  }

  @Test(arguments: [
    Case("GET /v2/status", nil, "404 Not Found", error("no-such-route", "there is nothing at /v2/status")),
    Case("GET /", nil, "404 Not Found", error("no-such-route", "there is nothing at /")),
    Case("GET /v1/windows/", nil, "404 Not Found", error("no-such-route", "there is nothing at /v1/windows/")),
    Case("GET /v1/windows/%ZZ", nil, "404 Not Found", error("no-such-route", "there is nothing at /v1/windows/%ZZ")),
    Case(
      "DELETE /v1/status", nil, "405 Method Not Allowed",
      error("wrong-method", "/v1/status does not take DELETE; it takes GET")),
    Case(
      "GET /v1/windows/w/run", nil, "405 Method Not Allowed",
      error("wrong-method", "/v1/windows/w/run does not take GET; it takes POST")),
    Case(
      "GET /v1/windows/w/dates/2021-02-29", nil, "400 Bad Request",
      error("invalid", "`2021-02-29` is not a date (YYYY-MM-DD)")),
    Case(
      "POST /v1/windows/w/run", "{nope", "400 Bad Request", error("invalid", "the body cannot be read: it is not JSON")),
    Case(
      "POST /v1/windows/w/run", "[]", "400 Bad Request",
      error("invalid", "the body cannot be read: it is not a JSON object")),
    Case(
      "POST /v1/windows/w/run", "", "400 Bad Request",
      error("invalid", "the body cannot be read: the key `dates` is missing")),
    Case(
      "POST /v1/windows/w/run", #"{"dates":"2021-01-01"}"#, "400 Bad Request",
      error("invalid", "the body cannot be read: `dates` is not a list")),
    Case("POST /v1/windows/w/run", #"{"dates":[]}"#, "400 Bad Request", error("invalid", "no dates are named")),
    Case(
      "POST /v1/windows/w/run", #"{"dates":[{"from":"2021-02-29","to":"2021-03-01"}]}"#, "400 Bad Request",
      error("invalid", "the body cannot be read: `dates[0].from`: `2021-02-29` is not a date (YYYY-MM-DD)")),
    Case(
      "POST /v1/windows/w/run", #"{"dates":[{"from":"2021-03-02","to":"2021-03-01"}]}"#, "400 Bad Request",
      error("invalid", "the range 2021-03-02..2021-03-01 ends before it starts")),
    Case(
      "POST /v1/windows/w/change", #"{"action":"bless","dates":[]}"#, "400 Bad Request",
      error("invalid", "the body cannot be read: `action`: `bless` is not one of accept, retry, skip")),
    Case(
      "POST /v1/windows/w/run", #"{"dates":[{"from":"2021-01-01","to":"2021-01-01"}],"dryrun":true}"#,
      "400 Bad Request",
      error("invalid", "the body cannot be read: unknown key `dryrun`; did you mean `dry_run`?")),
    Case(
      "GET /v1/windows/w/plan?night=1", nil, "400 Bad Request",
      error("invalid", "unknown parameter `night` in the query; did you mean `nights`?")),
    Case(
      "POST /v1/resume", #"{"now":1}"#, "400 Bad Request",
      error("invalid", "the body cannot be read: `now` is not true or false")),
    Case(
      "POST /v1/pause", #"{"reason":"\#(String(repeating: "x", count: 65_536))"}"#, "413 Payload Too Large",
      error("too-large", "the body is larger than 64 KiB")),
  ])
  func `a bad request gets a sentence`(_ bad: Case) async throws {
    let answer = try await withServer { try await exchange($0, Array(bad.request.utf8), finish: true) }
    #expect(answer.hasPrefix("HTTP/1.1 \(bad.status)\r\n"))
    #expect(answer.split(separator: "\r\n\r\n", maxSplits: 1).last.map(String.init) == bad.body)
  }

  @Test(arguments: [
    Array("nonsense\r\n\r\n".utf8), [0, 1, 2, 3, 0xff, 0xfe, 13, 10, 13, 10], Array("\u{16}\u{3}\u{1}\u{2}".utf8),
    Array("GET /v1/status HTTP/1.1\r\nContent-Length: x\r\n\r\n".utf8),
  ])
  func `bytes that are not HTTP get a sentence and the connection ends`(bytes: [UInt8]) async throws {
    let answer = try await withServer { try await exchange($0, bytes) }
    let body = Self.error("bad-request", "this is not an HTTP/1.1 request")
    #expect(
      answer == "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n"
        + "connection: close\r\n\r\n\(body)")
  }

  @Test func `a connection above the limit waits until another one ends`() async throws {
    let limits = ControlLimits(connections: 1, idle: .milliseconds(100))
    let answer = try await withServer(limits: limits) { path in
      let silent = connected(to: path)
      try #require(silent >= 0)
      defer { close(silent) }
      return try await exchange(path, Array("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8))
    }
    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
  }

  @Test func `a client that does not take its answer does not hold up the stop`() async throws {
    let view = WindowView(
      window: String(repeating: "x", count: 8 << 20), state: .active, reason: nil, since: Instant(seconds: 0), by: "x",
      zone: "UTC", dates: [])
    let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
    let operations = FakeOperations(view: view) { continuation.yield() }
    let silent = try await withServer(operations, limits: ControlLimits(answerDeadline: .milliseconds(100))) { path in
      let silent = connected(to: path)
      try #require(silent >= 0)
      let request = Array("GET /v1/windows/w HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
      try #require(write(silent, request, request.count) == request.count)
      for await _ in asked { break }
      return silent
    }
    close(silent)
    #expect(await operations.asked == ["show w -"])
  }

  @Test func `two requests on one connection get two answers`() async throws {
    let one = "GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n"
    let two = "GET /v2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    let answer = try await withServer { try await exchange($0, Array((one + two).utf8), finish: true) }
    #expect(answer.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) } == ["200", "404"])
  }

  @Test func `the answer to HEAD has no body, so that the next one can be told from it`() async throws {
    let requests =
      "HEAD /v1/status HTTP/1.1\r\nHost: x\r\n\r\n"
      + "GET /v1/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    let answer = try await withServer { try await exchange($0, Array(requests.utf8)) }
    let parts = answer.split(separator: "\r\n\r\n", omittingEmptySubsequences: false)
    #expect(parts.count == 3)
    #expect(parts[0].hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
    #expect(parts[0].contains("\r\nAllow: GET"))
    #expect(parts[1].hasPrefix("HTTP/1.1 404 Not Found\r\n"))
  }
}
