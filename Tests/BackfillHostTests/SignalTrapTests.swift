import Foundation
import Testing

@testable import BackfillHost

/// Each runs in a process of its own.
struct SignalTrapTests {
  @Test func `each of the signals comes out`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let trap = try SignalTrap()
      for signal in [SIGHUP, SIGTERM, SIGINT] { kill(getpid(), signal) }
      var seen: Set<DaemonSignal> = []
      for await signal in trap.signals {
        seen.insert(signal)
        if seen == [.reload, .terminate, .interrupt] { exit(7) }
      }
    }
  }

  @Test func `a signal that came before anybody looked is kept`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let trap = try SignalTrap()
      kill(getpid(), SIGTERM)
      for await signal in trap.signals where signal == .terminate { exit(7) }
    }
  }

  @Test func `without the trap SIGHUP ends a process`() async {
    await #expect(processExitsWith: .signal(SIGHUP)) {
      kill(getpid(), SIGHUP)
      pause()
    }
  }

  @Test func `a write to a closed pipe is an error and not the end`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      _ = try SignalTrap()
      var ends: [Int32] = [-1, -1]
      #expect(pipe(&ends) == 0)
      close(ends[0])
      let written = write(ends[1], "x", 1)
      exit(written == -1 && errno == EPIPE ? 7 : 1)
    }
  }

  @Test func `a program that is started has the signals as they are by default`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      _ = try SignalTrap()
      let (program, arguments) = ("/bin/sh", ["sh", "-c", "grep -E '^Sig(Blk|Ign):' /proc/self/status"])
      var ends: [Int32] = [-1, -1]
      #expect(pipe(&ends) == 0)
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
      var child: pid_t = 0
      var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
      #expect(posix_spawn(&child, program, &actions, nil, &pointers, environ) == 0)
      close(ends[1])
      let output = try FileHandle(fileDescriptor: ends[0]).readToEnd() ?? Data()
      let masks = String(decoding: output, as: UTF8.self).split(separator: "\n").compactMap {
        UInt64($0.split(separator: "\t").last ?? "", radix: 16)
      }
      let trapped: UInt64 = [SIGHUP, SIGINT, SIGTERM, SIGPIPE].reduce(0) { $0 | 1 << UInt64($1 - 1) }
      exit(masks.count == 2 && masks.allSatisfy { $0 & trapped == 0 } ? 7 : 1)
    }
  }
}
