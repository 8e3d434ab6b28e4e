import Foundation
import Glibc

/// A running daemon under a pretended systemd, with the watchdog of the unit.
final class Daemon {
  /// Seconds from the moment before exec to READY=1.
  let readyAfter: Double
  private let process: ChildProcess
  private let socket: NotifySocket
  private let stage: Stage
  private let programs: Programs

  /// Starts it and waits until it is ready.
  init(_ programs: Programs, on stage: Stage) throws {
    self.programs = programs
    self.stage = stage
    socket = try NotifySocket(path: stage.notifySocket)
    process = try ChildProcess(
      [programs.daemon] + stage.arguments,
      environment: ["NOTIFY_SOCKET": stage.notifySocket, "WATCHDOG_USEC": "180000000"],
      output: stage.path + "/output", errors: stage.errors)
    let limit = process.started + 120
    var isReady = false
    while !isReady {
      isReady = try socket.next(within: 100)?.contains("READY=1") == true
      if !isReady, process.hasEnded { throw BenchFailure("the daemon ended; see \(stage.errors)") }
      if ChildProcess.now > limit { throw BenchFailure("the daemon is not ready after 120 s; see \(stage.errors)") }
    }
    readyAfter = ChildProcess.now - process.started
  }

  var figures: ProcessFigures { ProcessFigures(pid: process.pid) }

  /// Runs the tool to its end.
  /// - Returns: The seconds it took, the start of the process included.
  @discardableResult
  func call(_ arguments: [String]) throws -> Double {
    let seconds = try tool(arguments).succeed()
    try drain(for: 0)
    return seconds
  }

  /// Runs all dates of the only window by hand.
  /// - Returns: The seconds from the start of the tool until the daemon says that the window is complete.
  func run(_ window: WindowFile) throws -> Double {
    let call = try tool(["run", window.name, "--from", window.first, "--to", window.last])
    var limit = call.started + 60
    var last = "nothing"
    while true {
      if let text = try socket.next(within: 200) {
        limit = ChildProcess.now + 60
        last = text
        if text.hasPrefix("STATUS="), text.hasSuffix("complete") { break }
        if text.contains(" held") || text.contains("degraded") { throw BenchFailure("\(text); see \(stage.errors)") }
      }
      if process.hasEnded { throw BenchFailure("the daemon ended; see \(stage.errors)") }
      if ChildProcess.now > limit { throw BenchFailure("no progress for 60 s after `\(last)`; see \(stage.errors)") }
    }
    let seconds = ChildProcess.now - call.started
    try call.succeed()
    return seconds
  }

  /// Sends GET `target` on a connection of its own.
  /// - Returns: The seconds until the whole answer is there.
  func get(_ target: String) throws -> Double {
    try ControlSocket.get(target, at: stage.controlSocket)
  }

  /// Takes what it says for so many seconds.
  func drain(for seconds: Double) throws {
    let end = ChildProcess.now + seconds
    while true {
      let left = end - ChildProcess.now
      let text = try socket.next(within: Int32(max(0, left * 1000).rounded(.up)))
      if text == nil, left <= 0 { return }
    }
  }

  /// Stops it in order.
  func stop() throws {
    kill(process.pid, SIGTERM)
    while !process.hasEnded { _ = try socket.next(within: 10) }
    try process.succeed()
  }

  private func tool(_ arguments: [String]) throws -> ChildProcess {
    try ChildProcess(
      [programs.tool] + arguments, environment: ["BACKFILLD_SOCKET": stage.controlSocket],
      output: stage.path + "/tool", errors: stage.path + "/tool-errors")
  }
}
