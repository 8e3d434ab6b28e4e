import Foundation
import Glibc

/// A process that is started at once, without the detours of Foundation.
final class ChildProcess {
  let pid: pid_t
  /// Seconds of the monotonic clock right before it was started.
  let started: Double
  private var status: Int32?

  /// Starts it; its program is searched in `PATH`.
  /// - Parameters:
  ///   - command: The program and its arguments.
  ///   - environment: Besides `PATH`, `LANG` and `TZ`, which are the same in all runs.
  ///   - output: A file for what it writes to standard output, made anew.
  ///   - errors: A file for what it writes to standard error, made anew.
  /// - Throws: When it cannot be started.
  init(
    _ command: [String], environment: [String: String] = [:], output: String = "/dev/null",
    errors: String = "/dev/null"
  ) throws {
    let bare = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC", "HOME": "/root"]
    let variables = bare.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
    var arguments = command.map { strdup($0) } + [nil]
    var names = variables.map { strdup($0) } + [nil]
    defer { for text in arguments + names { free(text) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    var pid: pid_t = 0
    started = Self.now
    let code = posix_spawnp(&pid, command[0], &actions, nil, &arguments, &names)
    guard code == 0 else { throw BenchFailure("cannot start `\(command[0])`", code: code) }
    self.pid = pid
  }

  deinit {
    guard !hasEnded else { return }
    kill(pid, SIGKILL)
    var ignored: Int32 = 0
    waitpid(pid, &ignored, 0)
  }

  /// Seconds of the monotonic clock.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Runs `command` to its end and returns what it wrote to standard output.
  static func output(of command: [String]) throws -> String {
    let file = NSTemporaryDirectory() + "/backfilld-bench-output.\(getpid())"
    defer { unlink(file) }
    try ChildProcess(command, output: file).succeed()
    return try String(contentsOfFile: file, encoding: .utf8)
  }

  var hasEnded: Bool {
    if status != nil { return true }
    var value: Int32 = 0
    guard waitpid(pid, &value, WNOHANG) == pid else { return false }
    status = value
    return true
  }

  /// Waits for its end.
  /// - Returns: The seconds from its start to its end.
  @discardableResult
  func succeed() throws -> Double {
    if status == nil {
      var value: Int32 = 0
      while waitpid(pid, &value, 0) < 0 {
        guard errno == EINTR else { throw BenchFailure("cannot wait for process \(pid)", code: errno) }
      }
      status = value
    }
    let ended = Self.now
    guard status == 0 else { throw BenchFailure("process \(pid) ended with the wait status \(status ?? -1)") }
    return ended - started
  }
}
