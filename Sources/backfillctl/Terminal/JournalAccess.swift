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

  /// Why nothing can be read in `folders`, and what to do; `nil` when something can.
  static func trouble(
    in folders: [String], mayRead: (String) -> Bool = { access($0, R_OK) == 0 }
  ) -> String? {
    let there = folders.filter { access($0, F_OK) == 0 }
    guard !there.isEmpty else {
      return "there is no journal at \(folders.joined(separator: " or ")): "
        + "without journald backfilld writes its events to standard error"
    }
    let files = there.flatMap { journals(in: $0) }
    if files.contains(where: mayRead) || (files.isEmpty && there.allSatisfy(mayRead)) { return nil }
    return "the journal in \(there.joined(separator: " and ")) cannot be read: members of the group `systemd-journal` "
      + "(or `adm`) and root may (id -nG shows your groups)"
  }

  /// The files of the system's journal, in the folder itself and in those of the machines.
  private static func journals(in folder: String) -> [String] {
    ([folder] + names(in: folder).map { "\(folder)/\($0)" })
      .flatMap { place in names(in: place).filter(isSystemJournal).map { "\(place)/\($0)" } }
  }

  /// Not those of the users: `user-1000.journal`.
  private static func isSystemJournal(_ name: String) -> Bool {
    name.hasPrefix("system") && name.hasSuffix(".journal")
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
