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
