import Foundation
import Testing

@testable import BackfillHost

struct ListeningSocketTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  /// Copies `sockets` to descriptors that follow one another, as systemd hands them over, and runs `body`.
  private func handOver(_ sockets: [UnixSocket], to body: (Range<Int32>) throws -> Void) throws {
    var copies: [Int32] = []
    defer { for copy in copies { close(copy) } }
    for socket in sockets {
      copies.append(fcntl(socket.descriptor, F_DUPFD, copies.last.map { $0 + 1 } ?? 500))
    }
    let first = try #require(copies.first)
    #expect(copies == (0..<Int32(sockets.count)).map { first + $0 })
    try body(first..<(first + Int32(sockets.count)))
  }

  @Test func `a listening stream socket is taken over`() throws {
    try handOver([UnixSocket(UnixSocket.stream, at: directory.path + "/s")]) { descriptors in
      let found = try ListeningSocket.first(of: descriptors)
      #expect(found == descriptors.lowerBound)
    }
  }

  @Test func `other descriptors before it are passed over`() throws {
    let sockets = [
      try UnixSocket(UnixSocket.datagram, at: directory.path + "/d"),
      try UnixSocket(UnixSocket.stream, at: directory.path + "/s"),
    ]
    try handOver(sockets) { descriptors in
      let found = try ListeningSocket.first(of: descriptors)
      #expect(found == descriptors.lowerBound + 1)
    }
  }

  @Test func `descriptors without a listening stream socket are an error`() throws {
    let expected = SystemFailure(
      "none of the 1 descriptors from systemd is a listening Unix stream socket", code: ENOTSOCK)
    try handOver([UnixSocket(UnixSocket.datagram, at: directory.path + "/d")]) { descriptors in
      #expect(throws: expected) { try ListeningSocket.first(of: descriptors) }
    }
  }

  @Test func `no descriptors are no socket and no error`() throws {
    #expect(try ListeningSocket.first(of: 3..<3) == nil)
  }

  // The tests below set the environment, so that each runs in a process of its own.

  @Test func `descriptors for another process are not ours`() async {
    await #expect(processExitsWith: .success) {
      setenv("LISTEN_FDS", "1", 1)
      setenv("LISTEN_PID", "1", 1)
      try #require(try ListeningSocket.handedOver() == nil)
    }
  }

  @Test func `without LISTEN_FDS there is none`() async {
    await #expect(processExitsWith: .success) {
      unsetenv("LISTEN_FDS")
      try #require(try ListeningSocket.handedOver() == nil)
    }
  }

  @Test func `a LISTEN_FDS that is no number is an error`() async {
    await #expect(processExitsWith: .success) {
      setenv("LISTEN_PID", "\(getpid())", 1)
      setenv("LISTEN_FDS", "many", 1)
      let expected = SystemFailure("cannot read LISTEN_FDS", code: EINVAL)
      try #require(throws: expected) { try ListeningSocket.handedOver() }
    }
  }
}
