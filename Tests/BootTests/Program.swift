import BackfillTestKit
import Foundation
import Glibc

/// How a program ended and what it wrote.
struct Outcome: Sendable {
  let status: Int32
  let output: String
  let errors: String

  /// The lines it wrote to standard output.
  var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// A program went another way than a test needs.
struct Unexpected: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Runs a program to its end; it reads nothing.
///
/// Not by Foundation's `Process`, which keeps descriptors: the stories run hundreds of programs.
/// - Throws: When it cannot be started.
func run(_ program: String, _ arguments: [String]) async throws -> Outcome {
  // Files and not pipes: what it leaves running may hold its output open.
  let folder = try TemporaryFolder()
  let paths = [try folder.write("", to: "out"), try folder.write("", to: "err")]
  let status = try await status(of: program, arguments, output: paths[0], errors: paths[1])
  let texts = try paths.map { String(decoding: try Data(contentsOf: URL(fileURLWithPath: $0)), as: UTF8.self) }
  return Outcome(status: status, output: texts[0], errors: texts[1])
}

/// - Returns: Its exit status; 128 and the number of the signal that killed it, as a shell says it.
private func status(
  of program: String, _ arguments: [String], output: String, errors: String
) async throws -> Int32 {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  for (descriptor, path) in [(STDIN_FILENO, "/dev/null"), (STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
    posix_spawn_file_actions_addopen(&actions, descriptor, path, descriptor == 0 ? O_RDONLY : O_WRONLY, 0)
  }
  let words = ([program] + arguments).map { strdup($0) }
  defer { for word in words { free(word) } }
  var pid: pid_t = 0
  let code = posix_spawn(&pid, program, &actions, nil, words + [nil], environ)
  guard code == 0 else { throw Unexpected("\(program): \(String(cString: strerror(code)))") }
  return await withCheckedContinuation { continuation in
    Thread.detachNewThread { [pid] in
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0, errno == EINTR {}
      continuation.resume(returning: status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f))
    }
  }
}

/// Asks `look` five times a second until it has an answer, which is returned.
///
/// When it has none for `limit`, it throws with `what`.
func eventually<Answer: Sendable>(
  _ what: String, within limit: Duration = .seconds(90), look: () async throws -> Answer?
) async throws -> Answer {
  let deadline = ContinuousClock.now + limit
  while true {
    if let answer = try await look() { return answer }
    guard ContinuousClock.now < deadline else { throw Unexpected("not within \(limit): \(what)") }
    try await Task.sleep(for: .milliseconds(200))
  }
}
