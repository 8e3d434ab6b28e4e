import Foundation
import Testing

@testable import BackfillHost

struct ListeningSocketTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  private func only(_ type: Int32, isListening: Bool = true) throws -> Int32? {
    let socket = try UnixSocket(type, at: directory.path + "/s", isListening: isListening)
    let given = try ListeningSocket.only(of: [(socket.descriptor, "control")])
    #expect(given == socket.descriptor)
    return given
  }

  @Test func `a listening stream socket is taken over`() throws {
    #expect(try only(UnixSocket.stream) != nil)
  }

  @Test func `no descriptors are no socket and no error`() throws {
    #expect(try ListeningSocket.only(of: []) == nil)
  }

  @Test func `a datagram socket is refused`() throws {
    #expect(throws: HandedOverFailure.notStream("control")) { try only(UnixSocket.datagram) }
  }

  @Test func `a socket of packets in order is refused`() throws {
    #expect(throws: HandedOverFailure.notStream("control")) { try only(Int32(SOCK_SEQPACKET.rawValue)) }
  }

  @Test func `a stream socket that does not listen is refused`() throws {
    #expect(throws: HandedOverFailure.notListening("control")) { try only(UnixSocket.stream, isListening: false) }
  }

  @Test(arguments: [AF_INET, AF_INET6])
  func `a socket of a network is refused`(family: Int32) throws {
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    #expect(throws: HandedOverFailure.notUnix("control")) { try ListeningSocket.only(of: [(descriptor, "control")]) }
  }

  @Test func `a file is refused`() throws {
    let descriptor = open("/dev/null", O_RDONLY)
    defer { close(descriptor) }
    #expect(throws: HandedOverFailure.noSocket("control")) { try ListeningSocket.only(of: [(descriptor, "control")]) }
  }

  @Test func `of two sockets one would never be served`() throws {
    let socket = try UnixSocket(UnixSocket.stream, at: directory.path + "/s")
    #expect(throws: HandedOverFailure.several(["control", "web"])) {
      try ListeningSocket.only(of: [(socket.descriptor, "control"), (socket.descriptor, "web")])
    }
  }

  @Test(arguments: [
    (
      HandedOverFailure.several(["a", "b"]),
      "systemd hands over 2 sockets (a, b), and backfilld serves one: leave one ListenStream= in backfilld.socket"
    ),
    (
      .noSocket("a"),
      "`a`, handed over by systemd, is no socket: backfilld.socket needs one ListenStream= and nothing else"
    ),
    (.notUnix("a"), "`a`, handed over by systemd, is no Unix socket: ListenStream= in backfilld.socket must be a path"),
    (.notStream("a"), "`a`, handed over by systemd, is no stream socket: use ListenStream= in backfilld.socket"),
    (.notListening("a"), "`a`, handed over by systemd, does not listen: set Accept=no in backfilld.socket"),
    (
      .unreadable(SystemFailure("cannot read LISTEN_FDS", code: EINVAL)),
      "cannot read LISTEN_FDS: Invalid argument: what systemd hands over is described by LISTEN_FDS, LISTEN_PID and "
        + "LISTEN_FDNAMES"
    ),
  ])
  func `each wrong socket has its sentence`(failure: HandedOverFailure, sentence: String) {
    #expect(failure.description == sentence)
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
      let expected = HandedOverFailure.unreadable(SystemFailure("cannot read LISTEN_FDS", code: EINVAL))
      try #require(throws: expected) { try ListeningSocket.handedOver() }
    }
  }
}
