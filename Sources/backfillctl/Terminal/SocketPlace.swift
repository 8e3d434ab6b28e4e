/// Which socket the daemon is asked at.
struct SocketPlace: Sendable, Equatable {
  static let machine = "/run/backfilld/control.sock"

  let path: String
  /// It is the one of the user's own daemon.
  let isUser: Bool

  /// The first of these: `option`; the user's own with `isUser`; BACKFILLD_SOCKET; the machine's; the user's own where the
  /// machine has none and that one is there.
  ///
  /// The user's own is in XDG_RUNTIME_DIR, or where systemd has that folder. Sources: XDG Base Directory Specification;
  /// pam_systemd(8).
  init(
    option: String?, isUser: Bool, environment: (String) -> String?, user: UInt32, isThere: (String) -> Bool
  ) {
    let runtime = environment("XDG_RUNTIME_DIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/run/user/\(user)"
    let own = runtime + "/backfilld/control.sock"
    let named = option ?? (isUser ? nil : environment("BACKFILLD_SOCKET"))
    self.isUser = named == nil && (isUser || (!isThere(Self.machine) && isThere(own)))
    path = named ?? (self.isUser ? own : Self.machine)
  }
}
