import FoundationEssentials
import Glibc

/// Whether this machine has a journal, and whether this person may read it.
enum JournalAccess {
  /// Where journald keeps its files. Source: systemd-journald.service(8), "Files".
  static let folders = ["/var/log/journal", "/run/log/journal"]

  /// The path of journalctl.
  static func program(searchPath: String) throws(CommandFailure) -> String {
    for folder in searchPath.split(separator: ":") where access("\(folder)/journalctl", X_OK) == 0 {
      return "\(folder)/journalctl"
    }
    throw CommandFailure(
      .refused,
      "there is no journalctl on this machine: without systemd backfilld writes its events to standard error")
  }

  /// Whose journal is wanted.
  enum Owner {
    /// The machine's: what its services write.
    case system
    /// That of the user who asks, and who may read it.
    case user
    /// Whatever is in a folder that was named.
    case named
  }

  /// Why nothing can be read in `folders`, and what to do; `nil` when something can.
  static func trouble(
    in folders: [String], of owner: Owner = .system, mayRead: (String) -> Bool = { access($0, R_OK) == 0 }
  ) -> String? {
    let there = folders.filter { access($0, F_OK) == 0 }
    let places = there + there.flatMap { folder in names(in: folder).map { "\(folder)/\($0)" } }
    let files = places.flatMap { place in names(in: place).filter { isJournal($0, of: owner) }.map { "\(place)/\($0)" }
    }
    if files.contains(where: mayRead) || (owner == .user && !files.isEmpty) { return nil }
    guard !files.isEmpty || !places.allSatisfy(mayRead) else {
      return "there is no journal at \(folders.joined(separator: " or "))"
        + (owner == .named ? "" : ": without journald backfilld writes its events to standard error")
    }
    return "the journal in \(there.joined(separator: " and ")) cannot be read: members of the group `systemd-journal` "
      + "(or `adm`) and root may (id -nG shows your groups)"
  }

  /// The system's is `system.journal` and its archives, those of the users `user-1000.journal`.
  private static func isJournal(_ name: String, of owner: Owner) -> Bool {
    guard name.hasSuffix(".journal") || name.hasSuffix(".journal~") else { return false }
    return owner != .system || name.hasPrefix("system")
  }

  /// What is in `folder`; nothing where it cannot be listed.
  private static func names(in folder: String) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      // Not a folder, or not ours to list: `trouble` asks for the right to read it.
      return []
    }
  }
}
