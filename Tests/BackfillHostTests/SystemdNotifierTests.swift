import BackfillCore
import Foundation
import Testing

@testable import BackfillHost

/// Each test that needs an environment of its own runs in a process of its own.
struct SystemdNotifierTests {
  @Test func `each message reaches the socket as systemd reads it`() async throws {
    let directory = try TemporaryDirectory()
    let socket = try UnixSocket(UnixSocket.datagram, at: directory.path + "/notify")
    await #expect(processExitsWith: .success) { [path = socket.path as String] in
      setenv("NOTIFY_SOCKET", path, 1)
      let notifier = SystemdNotifier()
      notifier.status("3 of 60 dates done")
      notifier.ready()
      notifier.watchdog()
      notifier.extendTimeout(by: .milliseconds(1500))
      notifier.stopping()
    }
    #expect(
      socket.datagrams() == [
        "STATUS=3 of 60 dates done", "READY=1", "WATCHDOG=1", "EXTEND_TIMEOUT_USEC=1500000", "STOPPING=1",
      ])
  }

  @Test func `a reload carries the monotonic time`() async throws {
    let directory = try TemporaryDirectory()
    let socket = try UnixSocket(UnixSocket.datagram, at: directory.path + "/notify")
    var before = timespec()
    clock_gettime(CLOCK_MONOTONIC, &before)
    await #expect(processExitsWith: .success) { [path = socket.path as String] in
      setenv("NOTIFY_SOCKET", path, 1)
      SystemdNotifier().reloading()
    }
    var after = timespec()
    clock_gettime(CLOCK_MONOTONIC, &after)

    let parts = try #require(socket.datagrams().first).split(separator: "\n")
    #expect(parts.first == "RELOADING=1")
    let time = try #require(parts.last?.split(separator: "=").last.flatMap { Int($0) })
    #expect(parts.last == "MONOTONIC_USEC=\(time)")
    #expect((before.tv_sec * 1_000_000...(after.tv_sec + 1) * 1_000_000).contains(time))
  }

  @Test func `a status cannot smuggle in another assignment`() async throws {
    let directory = try TemporaryDirectory()
    let socket = try UnixSocket(UnixSocket.datagram, at: directory.path + "/notify")
    await #expect(processExitsWith: .success) { [path = socket.path as String] in
      setenv("NOTIFY_SOCKET", path, 1)
      SystemdNotifier().status("paused\nSTOPPING=1")
    }
    #expect(socket.datagrams() == ["STATUS=paused STOPPING=1"])
  }

  @Test func `without a socket nothing is sent and nothing fails`() async {
    await #expect(processExitsWith: .success) {
      unsetenv("NOTIFY_SOCKET")
      let notifier = SystemdNotifier { _ in exit(1) }
      notifier.ready()
    }
  }

  @Test func `a socket that is gone is reported`() async {
    await #expect(processExitsWith: .exitCode(9)) {
      setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1)
      let notifier = SystemdNotifier { failure in
        exit(failure == SystemFailure("cannot tell systemd READY", code: ENOENT) ? 9 : 1)
      }
      notifier.ready()
    }
  }

  @Test func `the watchdog is fed at half of its time`() async {
    await #expect(processExitsWith: .success) {
      setenv("WATCHDOG_USEC", "180000000", 1)
      setenv("WATCHDOG_PID", "\(getpid())", 1)
      try #require(SystemdNotifier().watchdogInterval == .seconds(90))
    }
  }

  @Test func `the watchdog of another process is not ours`() async {
    await #expect(processExitsWith: .success) {
      setenv("WATCHDOG_USEC", "180000000", 1)
      setenv("WATCHDOG_PID", "1", 1)
      try #require(SystemdNotifier().watchdogInterval == nil)
    }
  }

  @Test func `without a watchdog there is no interval`() async {
    await #expect(processExitsWith: .success) {
      unsetenv("WATCHDOG_USEC")
      try #require(SystemdNotifier().watchdogInterval == nil)
    }
  }
}
