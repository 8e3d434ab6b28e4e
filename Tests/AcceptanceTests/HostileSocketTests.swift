import BackfillControl
import BackfillCore
import BackfillTestKit
import Foundation
import Testing

/// A real daemon whose control socket is abused while its windows have dates to run.
@Suite(.timeLimit(.minutes(5)))
struct HostileSocketTests {
  private static let window = """
    dates: {from: 2023-01-01, to: 2023-04-30}
    steps: {load: {command: [/bin/true], report: {from: none}}}
    """
  private static let all = DateRange(from: day("2023-01-01"), to: day("2023-04-30"))

  /// A request and the beginning of what must come back.
  private struct Exchange: Sendable {
    let request: [UInt8]
    let status: String
    /// The kind of the error; `nil`: it is none.
    let kind: String?

    init(_ start: String, body: String? = nil, _ status: Int, _ kind: String? = nil) {
      let length = body.map { "Content-Length: \($0.utf8.count)\r\n" } ?? ""
      request = Array("\(start) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(length)\r\n\(body ?? "")".utf8)
      self.status = "HTTP/1.1 \(status) "
      self.kind = kind
    }

    func isMet(by answer: String) -> Bool {
      answer.hasPrefix(status) && (kind.map { answer.contains(#"{"error":{"kind":"\#($0)","message":"#) } ?? true)
    }
  }

  private static let exchanges = [
    Exchange("GET /v1/status", 200), Exchange("GET /v1/windows/w/status", 200), Exchange("GET /v1/windows/w", 200),
    Exchange("GET /v1/windows/w/dates/2023-01-01", 200),
    Exchange("GET /v1/windows/w/plan?nights=9223372036854775807", 200),
    Exchange("GET /v1/windows/w/plan?nights=9223372036854775808", 400, "invalid"),
    Exchange("GET /v1/windows/none", 404, "no-such-window"),
    Exchange("GET /v1/windows/\(String(repeating: "%2F", count: 5_000))", 404, "no-such-window"),
    Exchange("GET /v1/windows/w/dates/1999-01-01", 404, "no-such-date"),
    Exchange("GET /v1/windows/w/dates/2023-02-29", 400, "invalid"),
    Exchange("GET /v1/windows/w/dates/%FF", 404, "no-such-route"), Exchange("GET /v9", 404, "no-such-route"),
    Exchange("GET /\(String(repeating: "x", count: 20_000))", 431, "too-large"),
    Exchange("DELETE /v1/status", 405, "wrong-method"), Exchange("GET /v1/pause", 405, "wrong-method"),
    Exchange("POST /v1/windows/w/run", body: "nonsense", 400, "invalid"),
    Exchange("POST /v1/windows/w/run", body: #"{"dates":true}"#, 400, "invalid"),
    Exchange(
      "POST /v1/windows/w/run", body: #"{"dates":[{"from":"0001-01-01","to":"2022-12-31"}]}"#, 404, "no-such-date"),
    Exchange("POST /v1/windows/w/change", body: String(repeating: "[", count: 30_000), 400, "invalid"),
    Exchange(
      "POST /v1/windows/w/change", body: #"{"action":"accept","dates":[{"from":"2023-01-01","to":"2023-01-01"}]}"#,
      400, "invalid"),
    Exchange("POST /v1/pause", body: String(repeating: "x", count: 70_000), 413, "too-large"),
    Exchange("nonsense", 400, "bad-request"), Exchange("\u{0}\u{1}\u{2}", 400, "bad-request"),
  ]

  @Test func `each hostile request gets its status, and the next one is answered`() async throws {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let daemon = try await stage.startReady()
    for one in Self.exchanges {
      let answer = try await exchange(stage.client.socketPath, one.request)
      #expect(one.isMet(by: answer), "\(one.status)\(one.kind ?? ""): \(answer.prefix(500))")
    }
    #expect(try await stage.client.status().state == .ready)
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
  }

  @Test func `a window goes on beside 300 connections that say nothing, and they are closed`() async throws {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let daemon = try await stage.startReady()
    _ = try await stage.client.run(RunRequest(window: "w", dates: [Self.all]))
    let silent = (0..<300).map { _ in connected(to: stage.client.socketPath) }
    #expect(silent.allSatisfy { $0 >= 0 })
    #expect(await daemon.notes.wait(atMost: .seconds(60)) { $0.contains(.told("STATUS=w: complete")) })
    // Its turn comes when the first of them are closed.
    #expect(try await stage.client.status().state == .ready)
    #expect(silent.count { closesSilently($0) } == 300)
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
  }

  @Test func `a window goes on while 20 clients send 10,000 requests, and the daemon's memory stays as it is`()
    async throws
  {
    let stage = try DaemonStage(windows: ["w": Self.window])
    let daemon = try await stage.startReady()
    let run = RunRequest(window: "w", dates: [Self.all])
    _ = try await stage.client.run(run)
    // It does not end before the window does: whatever the window does, it does meanwhile.
    let failures = await flood(stage, clients: 20, requestsEach: 500) { [notes = daemon.notes] in
      notes.all.contains(.told("STATUS=w: complete")) || daemon.end != nil
    }
    #expect(failures == [])
    #expect(daemon.told.contains("STATUS=w: complete"))
    // What is allocated once is there now, the window's and the requests'.
    let before = try Self.residentKiB(of: daemon.pid)
    #expect(await flood(stage, clients: 20, requestsEach: 500) { true } == [])
    let grown = try Self.residentKiB(of: daemon.pid) - before
    #expect(grown < 16 << 10, "grown by \(grown) KiB from \(before) KiB")
    daemon.send(SIGTERM)
    #expect(try await daemon.ended() == .exited(0))
  }

  /// Sends requests from `clients` threads, each at least so many and until `isOver`; returns at most one wrong answer of each
  /// client.
  private func flood(
    _ stage: DaemonStage, clients: Int, requestsEach: Int, until isOver: @escaping @Sendable () -> Bool
  ) async -> [String] {
    let path = stage.client.socketPath
    return await withTaskGroup(of: String?.self) { group in
      for client in 0..<clients {
        group.addTask {
          await withCheckedContinuation { continuation in
            Thread.detachNewThread {
              continuation.resume(returning: Self.send(at: path, from: client, requestsEach, until: isOver))
            }
          }
        }
      }
      return await group.reduce(into: []) { failures, failure in failures += [failure].compactMap(\.self) }
    }
  }

  private static func send(
    at path: String, from first: Int, _ count: Int, until isOver: () -> Bool
  ) -> String? {
    var sent = 0
    while sent < count || !isOver() {
      let one = exchanges[(first + sent) % exchanges.count]
      sent += 1
      do {
        let answer = try answer(to: one.request, at: path)
        guard one.isMet(by: answer) else { return "\(one.status)\(one.kind ?? ""): \(answer.prefix(500))" }
      } catch {
        return "\(error)"
      }
    }
    return nil
  }

  /// Source: proc_pid_status(5), VmRSS.
  private static func residentKiB(of process: Int32) throws -> Int {
    let line = text(of: "/proc/\(process)/status").split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return try #require(line.flatMap { Int($0.split(separator: " ").dropLast().last ?? "") })
  }
}
