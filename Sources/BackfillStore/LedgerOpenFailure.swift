import BackfillCore

/// Why a state directory's ledger was not opened. Nothing in the directory was changed or deleted.
public enum LedgerOpenFailure: Error, Equatable, Sendable {
  /// Another daemon works in the directory; `pid` where it could be read.
  case inUse(directory: String, pid: Int32?)
  /// There was a ledger, says the marker beside it, and it is gone or empty.
  case vanished(path: String, marker: String)
  /// Its tables are of a later version; `unknown` names the first change that this version, which knows `known`, does not know.
  /// `backup`: what the upgrade left beside it.
  case newer(path: String, version: Int, unknown: String, known: Int, backup: String?)
  /// Not a ledger at all.
  case foreign(path: String, what: String)
  /// A ledger that SQLite finds damaged.
  case damaged(path: String, what: String)
  /// The machine is in the way: a read-only directory, a full disk.
  case unavailable(String)

  /// The sentence a person reads, with what to do.
  public var message: String {
    switch self {
    case .inUse(let directory, let pid):
      "the directory `\(directory)` is in use by another backfilld\(pid.map { " (pid \($0))" } ?? "")"
    case .vanished(let path, let marker):
      "the ledger `\(path)` is gone or empty, but `\(marker)` says that there was one: "
        + "put it back, or begin an empty one with `backfilld --new-ledger`"
    case .newer(let path, let version, let unknown, let known, let backup):
      "the ledger `\(path)` is of version \(version) (it has `\(unknown)`), and backfilld \(BackfilldVersion.current) "
        + "knows version \(known): install the newer backfilld again"
        + (backup.map { ", or give up what was done since its upgrade and put `\($0)` in the place of the ledger" }
          ?? "")
        + "; the ledger is left as it is"
    case .foreign(let path, let what):
      "`\(path)` is not a ledger of backfilld: \(what); it is left as it is"
    case .damaged(let path, let what):
      "the ledger `\(path)` is damaged: \(what); it is left as it is: move it away, with what lies beside it as "
        + "`-wal` and `-shm`, and put a backup in its place, or begin an empty one with `backfilld --new-ledger`"
    case .unavailable(let reason): reason
    }
  }

  /// Whether the daemon stays up and tries again: the machine, or a person who puts a backup in its place, may mend it while
  /// it runs. The others end the start, so that who started it sees the sentence.
  public var isWaitedFor: Bool {
    switch self {
    case .unavailable, .damaged, .foreign: true
    case .inUse, .vanished, .newer: false
    }
  }
}
