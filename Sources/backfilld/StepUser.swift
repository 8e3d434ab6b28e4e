import BackfillCore
import BackfillHost
import Glibc

/// As whom the commands of a window run that names no `run.user`.
enum StepUser {
  /// `nil`: as the daemon's own user.
  ///
  /// The machine's daemon that runs as root, to start steps of several users, does not lend root to a window whose author
  /// forgot to name one. It is the machine's when systemd started it, or when its ledger is the machine's; a daemon that
  /// root runs in folders of its own is root's. `state` is the state folder; `nil`: the machine's.
  /// Source: systemd.exec(5), `$SYSTEMD_EXEC_PID`.
  static func name(isUser: Bool, state: String?, environment: [String: String]) -> String? {
    guard Machine.isRoot, !isUser else { return nil }
    let machine = DaemonFolders.machine.state
    let isMachines = environment["SYSTEMD_EXEC_PID"] == String(getpid()) || (state ?? machine) == machine
    return isMachines ? ServiceAccount.user : nil
  }
}
