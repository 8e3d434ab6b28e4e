/// The names of the installed daemon in the user database. Source: systemd/backfilld.service.
public enum ServiceAccount {
  /// Whom the daemon runs as, and whom steps run as that name nobody else.
  public static let user = "backfilld"
  /// Whose members may operate the daemon.
  public static let group = "backfilld"
}
