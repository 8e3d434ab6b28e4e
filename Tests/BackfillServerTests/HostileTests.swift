import BackfillControl
import BackfillCore
import BackfillServer
import BackfillTestKit
import Glibc
import Testing

/// Clients that want to do harm, or are broken: each gets its status, or is closed, and the server goes on.
@Suite(.timeLimit(.minutes(1)))
struct HostileTests {
  private static func response(_ status: String, _ kind: String, _ message: String) -> String {
    let body = #"{"error":{"kind":"\#(kind)","message":"\#(message)"}}"#
    return "HTTP/1.1 \(status)\r\ncontent-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n"
      + "connection: close\r\n\r\n\(body)"
  }

  private static let status = "GET /v1/status HTTP/1.1\r\nHost: x\r\n"

  private static func fields(_ count: Int, _ value: String = "0") -> String {
    (0..<count).map { "X-\($0): \(value)\r\n" }.joined()
  }

  /// By what is too large about them; they are too long to name a test.
  private static let largeHeads = [
    "many fields": status + fields(101) + "\r\n",
    "a long field": status + fields(1, String(repeating: "x", count: 17_000)) + "\r\n",
    "long fields": status + fields(5, String(repeating: "x", count: 7_000)) + "\r\n",
    "fields without end": status + fields(100_000),
    "a long path": "GET /\(String(repeating: "x", count: 17_000)) HTTP/1.1\r\n\r\n",
    "a path without end": "GET /" + String(repeating: "x", count: 5_000_000),
  ]

  @Test(arguments: largeHeads.keys.sorted())
  func `a head that is too large gets 431`(_ head: String) async throws {
    let head = try #require(Self.largeHeads[head])
    let answer = try await withServer { try await exchange($0, Array(head.utf8)) }
    #expect(
      answer
        == Self.response(
          "431 Request Header Fields Too Large", "too-large",
          "the head of the request is too large: at most 100 fields of 16 KiB, 32 KiB in all"))
  }

  @Test(arguments: [
    "Content-Length: 1000000000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n100000\r\n",
  ])
  func `a body that is too large gets 413 long before it ends`(head: String) async throws {
    let request = "POST /v1/pause HTTP/1.1\r\nHost: x\r\n" + head + String(repeating: "x", count: 100_000)
    let limits = ControlLimits(bodyDeadline: .seconds(2))
    let answer = try await withServer(limits: limits) { try await exchange($0, Array(request.utf8)) }
    #expect(answer.hasPrefix("HTTP/1.1 413 Payload Too Large\r\n"))
    #expect(answer.hasSuffix(#"{"error":{"kind":"too-large","message":"the body is larger than 64 KiB"}}"#))
  }

  @Test func `a client whose body is too large gives its place back when it has gone`() async throws {
    let head = "POST /v1/pause HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 300000\r\n\r\n"
    let request = Array((head + String(repeating: "x", count: 300_000)).utf8)
    // Two places and no deadline: the third client is served only if the first two have left.
    let limits = ControlLimits(connections: 2, bodyDeadline: .seconds(3_600))
    let answers = try await withServer(limits: limits) { path in
      var answers: [String] = []
      for _ in 1...5 { answers.append(try await exchange(path, request)) }
      return answers
    }
    #expect(answers.map { $0.hasPrefix("HTTP/1.1 413 ") } == Array(repeating: true, count: 5))
  }

  @Test(arguments: [
    "GET /v1/sta", "GET /v1/status HTTP/1.1\r\nHost: x\r\n",
    "POST /v1/pause HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n",
    "POST /v1/pause HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{",
    "POST /v1/pause HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
  ])
  func `half a request gets 408 when its time is over`(start: String) async throws {
    let operations = FakeOperations()
    let limits = ControlLimits(idle: .seconds(2), bodyDeadline: .seconds(2))
    let answer = try await withServer(operations, limits: limits) { try await exchange($0, Array(start.utf8)) }
    #expect(await operations.asked == [])
    #expect(
      answer == Self.response("408 Request Timeout", "timed-out", "the rest of the request did not come in time"))
  }

  @Test(arguments: [
    "GET /v1/sta", "POST /v1/pause HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n",
    "POST /v1/pause HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{}",
    "POST /v1/pause HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
  ])
  func `half a request gets 400 when its sender says that it ends there`(start: String) async throws {
    let operations = FakeOperations()
    let answer = try await withServer(operations) { try await exchange($0, Array(start.utf8), finish: true) }
    #expect(await operations.asked == [])
    #expect(answer == Self.response("400 Bad Request", "bad-request", "this is not an HTTP/1.1 request"))
  }

  @Test func `a connection that says nothing is closed without a word`() async throws {
    let answer = try await withServer(limits: ControlLimits(idle: .milliseconds(100))) { try await exchange($0, []) }
    #expect(answer == "")
  }

  @Test func `a connection that says nothing after its answer is closed without a further word`() async throws {
    let answer = try await withServer(limits: ControlLimits(idle: .milliseconds(100))) {
      try await exchange($0, Array((Self.status + "\r\n").utf8))
    }
    #expect(answer.split(separator: "HTTP/1.1 ").count == 1)
    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
  }

  @Test func `bytes without sense get 400, or 408 where they could become a request`() async throws {
    let limits = ControlLimits(idle: .seconds(2), bodyDeadline: .seconds(2))
    let answers = try await withServer(limits: limits) { path in
      var random = SystemRandomNumberGenerator()
      var answers: [String] = []
      for length in 1...100 {
        let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
        let answer = try await exchange(path, bytes)
        if !answer.hasPrefix("HTTP/1.1 400 "), !answer.hasPrefix("HTTP/1.1 408 ") {
          answers.append("\(bytes): \(answer)")
        }
      }
      return answers
    }
    #expect(answers == [])
  }

  @Test(
    arguments: ["/v1/windows/w/run", "/v1/windows/w/change", "/v1/windows/w/pause", "/v1/resume"],
    [
      "null", "1", "\"x\"", "[]", "{", "{}}", "\u{0}", #"{"reason":[],"step":[]}"#,
      String(repeating: "[", count: 60_000), String(repeating: #"{"dates":"#, count: 6_000),
    ])
  func `a body that is not what the route reads gets 400 with a reason`(path: String, body: String) async throws {
    try await refuse(body, to: path)
  }

  @Test(
    arguments: ["/v1/windows/w/run", "/v1/windows/w/change"],
    [#"{"dates":{},"action":"retry"}"#, #"{"dates":[1],"action":"retry"}"#, #"{"dates":[{}],"action":"retry"}"#])
  func `dates that are none get 400 with a reason`(path: String, body: String) async throws {
    try await refuse(body, to: path)
  }

  private func refuse(_ body: String, to path: String) async throws {
    let operations = FakeOperations()
    let head = "POST \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
    let answer = try await withServer(operations) { try await exchange($0, Array((head + body).utf8)) }
    #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
    let error = try ControlCoding.decode(
      ErrorBody.self, from: try #require(answer.split(separator: "\r\n\r\n").last).utf8)
    #expect(error.error.kind == "invalid")
    #expect(error.error.message.hasPrefix("the body cannot be read: "))
    #expect(await operations.asked == [])
  }

  @Test func `300 connections that say nothing are closed, and a request beside them is answered`() async throws {
    let answer = try await withServer(limits: ControlLimits(idle: .seconds(2))) { path in
      let silent = (0..<300).map { _ in connected(to: path) }
      let request = Array((Self.status + "Connection: close\r\n\r\n").utf8)
      let answer = try await exchange(path, request)
      #expect(silent.count { closesSilently($0) } == 300)
      return answer
    }
    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
  }
}
