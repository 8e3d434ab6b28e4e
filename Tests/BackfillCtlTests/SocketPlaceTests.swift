import Testing

@testable import backfillctl

/// Which daemon is asked.
struct SocketPlaceTests {
  private static let own = "/run/user/1000/backfilld/control.sock"

  private func place(
    _ option: String? = nil, isUser: Bool = false, environment: [String: String] = [:], there: Set<String> = []
  ) -> SocketPlace {
    SocketPlace(option: option, isUser: isUser, environment: { environment[$0] }, user: 1000, isThere: there.contains)
  }

  @Test func `the option comes first`() {
    let place = place("/x.sock", environment: ["BACKFILLD_SOCKET": "/y.sock"], there: [Self.own])
    #expect(place.path == "/x.sock")
    #expect(!place.isUser)
  }

  @Test func `the variable comes before the machine's daemon`() {
    #expect(place(environment: ["BACKFILLD_SOCKET": "/y.sock"], there: [SocketPlace.machine]).path == "/y.sock")
  }

  @Test func `--user comes before the variable`() {
    let place = place(isUser: true, environment: ["BACKFILLD_SOCKET": "/y.sock"], there: [SocketPlace.machine])
    #expect(place.path == Self.own)
    #expect(place.isUser)
  }

  @Test func `the user's own is where XDG_RUNTIME_DIR says`() {
    #expect(place(isUser: true, environment: ["XDG_RUNTIME_DIR": "/tmp/run"]).path == "/tmp/run/backfilld/control.sock")
    #expect(place(isUser: true, environment: ["XDG_RUNTIME_DIR": "relative"]).path == Self.own)
  }

  @Test func `the machine's daemon comes before the user's own`() {
    #expect(place(there: [SocketPlace.machine, Self.own]).path == SocketPlace.machine)
  }

  @Test func `the user's own is asked where the machine has none`() {
    let place = place(there: [Self.own])
    #expect(place.path == Self.own)
    #expect(place.isUser)
  }

  @Test func `where there is none at all, the machine's is named`() {
    let place = place()
    #expect(place.path == SocketPlace.machine)
    #expect(!place.isUser)
  }
}
