import BackfillConfig
import BackfillCore
import CPosix
import FoundationEssentials
import Glibc

extension DoctorFacts.Answer {
  /// The folder of the configuration: the machine's where the daemon is silent.
  var configDirectory: String {
    let told: String? = if case .answered(let view) = self { view.daemon.configDirectory } else { nil }
    return told ?? ConfigReader.machineDirectory
  }
}

/// What this tool sees of the machine, in the files below `root`, which is `` but for tests.
struct MachineLook {
  let root: String

  /// Everything that `doctor` judges, with what the daemon at `socket` answered.
  func facts(socket: String, answer: DoctorFacts.Answer, machine: any MachineFacts) -> DoctorFacts {
    let view: DoctorView? = if case .answered(let view) = answer { view } else { nil }
    let config = answer.configDirectory
    let runtime = view?.daemon.runtimeDirectory ?? "/run/backfilld"
    let places =
      configurationPlaces(config) + [
        place(.state, view?.daemon.stateDirectory ?? "/var/lib/backfilld"), place(.runtime, runtime),
        place(.socket, socket),
      ]
    let zones = ZoneFiles(root: root)
    let needed = Set((view?.windows ?? []).map(\.zone))
    return DoctorFacts(
      toolVersion: BackfilldVersion.current, socket: socket, answer: answer,
      configuration: look(at: config, machine), configurationFolder: config, places: places,
      zoneFolder: ZoneFiles.directory, hasZoneFolder: isThere(ZoneFiles.directory),
      unreadableZones: needed.filter { zones.zone(named: $0) == nil }.sorted(),
      isClockSynchronised: isClockSynchronised, journal: journal,
      lingering: lingering(of: view?.daemon.user ?? machine.currentUser, runtime: runtime, socket: socket),
      isWSL: isWSL, hasSystemd: hasSystemd)
  }

  // MARK: Configuration and permissions

  private func look(at folder: String, _ machine: any MachineFacts) -> DoctorFacts.Configuration {
    guard access(root + folder, F_OK) != 0 || access(root + folder, R_OK | X_OK) == 0 else { return .unreadable }
    guard isThere(folder) else { return .missing }
    return .read(ConfigReader(directory: root + folder, machine: machine).read().findings.map(\.description))
  }

  /// The folders, and the files that a mode of their own opens to others.
  private func configurationPlaces(_ folder: String) -> [DoctorFacts.Place] {
    let folders = [folder, folder + "/windows.d", folder + "/pipelines.d"].filter(isThere)
    let files = folders.flatMap { folder in
      names(in: folder).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().map {
        place(.configuration, "\(folder)/\($0)")
      }
    }
    return folders.map { place(.configuration, $0) } + files.filter { ($0.mode ?? 0) & 0o022 != 0 }
  }

  private func place(_ role: DoctorFacts.Place.Role, _ path: String) -> DoctorFacts.Place {
    var information = stat()
    guard stat(root + path, &information) == 0 else {
      return DoctorFacts.Place(role: role, path: path, mode: nil, owner: "")
    }
    return DoctorFacts.Place(
      role: role, path: path, mode: information.st_mode & 0o7777, owner: Self.name(of: information.st_uid))
  }

  private static func name(of user: uid_t) -> String {
    guard let entry = getpwuid(user), let name = entry.pointee.pw_name else { return String(user) }
    return String(cString: name)
  }

  // MARK: The machine

  /// Source: the kernel's release says so, as in `5.15.90.1-microsoft-standard-WSL2`.
  private var isWSL: Bool {
    let release = text(of: "/proc/sys/kernel/osrelease").lowercased()
    return release.contains("microsoft") || release.contains("wsl")
  }

  /// The daemon's unit may not even ask (ProtectClock).
  private var isClockSynchronised: Bool? {
    switch cposix_clock_is_synchronised() {
    case 0: false
    case 1: true
    default: nil
    }
  }

  /// Source: sd_booted(3).
  private var hasSystemd: Bool { isThere("/run/systemd/system") }

  /// Source: systemd-journald.service(8), journald.conf(5): `auto` is persistent where the folder is there.
  private var journal: DoctorFacts.Journal {
    guard hasSystemd else { return .absent }
    switch journalStorage {
    case "none": return .none
    case "volatile": return .volatile
    case "persistent": return .persistent
    default: return isThere("/var/log/journal") ? .persistent : .volatile
    }
  }

  /// The last `Storage=` counts; drop-ins come after the file, in the order of their names.
  private var journalStorage: String {
    let folders = ["/usr/lib/systemd/journald.conf.d", "/run/systemd/journald.conf.d", "/etc/systemd/journald.conf.d"]
    let dropIns = folders.flatMap { folder in names(in: folder).map { (name: $0, path: "\(folder)/\($0)") } }
      .filter { $0.name.hasSuffix(".conf") }.sorted { $0.name < $1.name }
    var storage = "auto"
    for path in ["/etc/systemd/journald.conf"] + dropIns.map(\.path) {
      for line in text(of: path).split(separator: "\n") {
        let words = line.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
        if words.count == 2, words[0] == "Storage" { storage = words[1].lowercased() }
      }
    }
    return storage
  }

  /// Source: loginctl(1), `enable-linger`.
  private func lingering(of user: String, runtime: String, socket: String) -> DoctorFacts.Lingering {
    guard runtime.hasPrefix("/run/user/") || socket.hasPrefix("/run/user/") else { return .notNeeded }
    return isThere("/var/lib/systemd/linger/\(user)") ? .on(user: user) : .off(user: user)
  }

  private func isThere(_ path: String) -> Bool { access(root + path, F_OK) == 0 }

  /// Nothing for a file that is not there or cannot be read: what it would say is then the default.
  private func text(of path: String) -> String {
    guard let bytes = FileManager.default.contents(atPath: root + path) else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func names(in folder: String) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: root + folder)
    } catch {
      // Not there: there are no drop-ins.
      return []
    }
  }
}
