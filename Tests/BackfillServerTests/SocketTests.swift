import BackfillControl
import BackfillServer
import BackfillTestKit
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SocketTests {
  @Test func `a socket that nobody answers at is taken over`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/control.sock"
      let dead = bound(to: path, isListening: false)
      try #require(dead >= 0)
      close(dead)
      let answer = try await withServer(FakeOperations(), socket: .path(path)) { _ in
        try await ControlClient(socketPath: path).status()
      }
      #expect(answer == FakeOperations.status)
    }
  }

  @Test func `a socket that somebody answers at is left alone`() async throws {
    try await withServer { path in
      await #expect(throws: ControlSocketFailure("another backfilld serves \(path)")) {
        try await withServer(FakeOperations(), socket: .path(path)) { _ in }
      }
      let answer = try await ControlClient(socketPath: path).status()
      #expect(answer == FakeOperations.status)
    }
  }

  @Test func `a file that is no socket is left alone`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/plain"
      close(creat(path, 0o600))
      await #expect(throws: ControlSocketFailure("cannot serve \(path): it exists and is not a socket")) {
        try await withServer(FakeOperations(), socket: .path(path)) { _ in }
      }
      #expect(access(path, F_OK) == 0)
    }
  }

  @Test func `a folder that is not there is named`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/none/control.sock"
      await #expect(throws: ControlSocketFailure("cannot serve \(path): No such file or directory")) {
        try await withServer(FakeOperations(), socket: .path(path)) { _ in }
      }
    }
  }

  @Test func `a path that is too long is refused`() async throws {
    let path = "/tmp/" + String(repeating: "x", count: 120)
    await #expect(throws: ControlSocketFailure("cannot serve \(path): the path of a socket has 1 to 107 bytes")) {
      try await withServer(FakeOperations(), socket: .path(path)) { _ in }
    }
  }

  @Test func `a client finds no socket`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/control.sock"
      await #expect(
        throws: ControlFailure.unreachable(
          "cannot reach backfilld at \(path): no such socket; is the daemon running? (systemctl status backfilld)")
      ) {
        try await ControlClient(socketPath: path).status()
      }
    }
  }

  @Test func `a client finds a socket that nobody answers at`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/control.sock"
      close(bound(to: path, isListening: false))
      await #expect(
        throws: ControlFailure.unreachable(
          "cannot reach backfilld at \(path): nobody listens on this socket; is the daemon running? "
            + "(systemctl status backfilld)")
      ) {
        try await ControlClient(socketPath: path).status()
      }
    }
  }

  @Test func `a question that a restart cuts off is asked again`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/control.sock"
      let old = bound(to: path, isListening: true)
      let answer = Task { try await ControlClient(socketPath: path, patience: .seconds(50)).status() }
      try await untilAsked(old)
      close(old)
      unlink(path)
      let status = try await withServer(FakeOperations(), socket: .path(path)) { _ in try await answer.value }
      #expect(status == FakeOperations.status)
    }
  }

  @Test func `a question that is cut off twice is not asked again`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/control.sock"
      let old = bound(to: path, isListening: true)
      let answer = Task { try await ControlClient(socketPath: path, patience: .seconds(50)).status() }
      try await untilAsked(old)
      let connection = accept(old, nil, nil)
      let next = Task {
        try await untilAsked(old)
        close(accept(old, nil, nil))
      }
      close(connection)
      await #expect(
        throws: ControlFailure.unreachable("the daemon at \(path) closed the connection before it answered")
      ) { try await answer.value }
      try await next.value
      close(old)
    }
  }

  @Test func `a command that is cut off is not sent again`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/control.sock"
      let old = bound(to: path, isListening: true)
      let answer = Task { try await ControlClient(socketPath: path, patience: .seconds(50)).reload() }
      try await untilAsked(old)
      close(old)
      await #expect(
        throws: ControlFailure.unreachable(
          "the daemon at \(path) closed the connection before it answered; whether it did this is not known: see "
            + "`backfillctl status`, then try again")
      ) { try await answer.value }
    }
  }

  /// Returns when a client waits in the queue of `listener`.
  private func untilAsked(_ listener: Int32) async throws {
    var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
    while poll(&entry, 1, 0) == 0 { try await Task.sleep(for: .milliseconds(1)) }
  }

  @Test func `a client gives up when no answer comes in time`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/control.sock"
      let silent = bound(to: path, isListening: true)
      try #require(silent >= 0)
      defer { close(silent) }
      await #expect(throws: ControlFailure.protocolError("the daemon at \(path) did not answer within 50ms")) {
        try await ControlClient(socketPath: path, timeout: .milliseconds(50)).status()
      }
    }
  }
}
