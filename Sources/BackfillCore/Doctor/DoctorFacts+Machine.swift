// What follows from what the tool sees of the machine.
extension DoctorFacts {
  var configurationFindings: [DoctorFinding] {
    switch configuration {
    case .unreadable:
      [
        DoctorFinding(
          .configuration, .unknown, "\(configurationFolder) cannot be read by this user", advice: "ask again as root")
      ]
    case .missing:
      [
        DoctorFinding(
          .configuration, .error, "\(configurationFolder) is not there",
          advice: "make it, with a folder windows.d, then: backfillctl reload")
      ]
    case .read(let findings) where findings.isEmpty:
      [DoctorFinding(.configuration, .ok, "\(configurationFolder): nothing wrong")]
    case .read(let findings):
      findings.map {
        DoctorFinding(.configuration, .error, $0, advice: "correct the file, then: backfillctl reload")
      }
    }
  }

  var clockFinding: DoctorFinding {
    switch isClockSynchronised {
    case true: return DoctorFinding(.clock, .ok, "synchronised")
    case false:
      return DoctorFinding(
        .clock, .warning,
        "not synchronised: a night may begin at the wrong time, and again when the clock is put right",
        advice: "enable systemd-timesyncd or chrony; timedatectl shows it")
    case nil: return DoctorFinding(.clock, .unknown, "the kernel does not say whether it is synchronised")
    }
  }

  /// The user that the daemon runs as; who asks, when it does not answer.
  private var daemonUser: String { view?.daemon.user ?? "backfilld" }

  var permissionFindings: [DoctorFinding] {
    let trouble = places.compactMap(finding)
    guard trouble.isEmpty else { return trouble }
    let seen = places.filter { $0.mode != nil }.map(\.path)
    guard !seen.isEmpty else { return [DoctorFinding(.permissions, .unknown, "none of the folders is there")] }
    return [DoctorFinding(.permissions, .ok, seen.joined(separator: ", "))]
  }

  private func finding(_ place: Place) -> DoctorFinding? {
    guard let mode = place.mode else {
      // Without a daemon the finding about the daemon says it.
      guard view != nil, place.role != .configuration else { return nil }
      return DoctorFinding(
        .permissions, .warning, "\(place.path) is not there, or cannot be seen by this user",
        advice: "ask again as root")
    }
    let isOthersWrite = mode & 0o002 != 0
    let isGroupsWrite = mode & 0o020 != 0
    let bits = "mode 0" + String(mode & 0o7777, radix: 8)
    switch place.role {
    case .configuration where isOthersWrite || isGroupsWrite:
      return DoctorFinding(
        .permissions, isOthersWrite ? .error : .warning,
        "\(place.path) (\(bits)) may be written by \(isOthersWrite ? "everyone" : "its group"), who so runs commands as "
          + daemonUser,
        advice: "chmod go-w \(place.path)")
    case .configuration where place.owner != "root" && place.owner != daemonUser:
      return DoctorFinding(
        .permissions, .warning, "\(place.path) belongs to \(place.owner), who so runs commands as \(daemonUser)",
        advice: "chown root \(place.path)")
    case .state where mode & 0o007 != 0:
      return DoctorFinding(
        .permissions, .warning,
        "\(place.path) (\(bits)) is open to everyone, and the output of steps in it may hold secrets",
        advice: "chmod o= \(place.path)")
    case .runtime where isOthersWrite:
      return DoctorFinding(
        .permissions, .error,
        "\(place.path) (\(bits)) may be written by everyone, who so could take the socket's place",
        advice: "chmod o-w \(place.path)")
    case .runtime where mode & 0o001 == 0:
      return DoctorFinding(
        .permissions, .warning, "\(place.path) (\(bits)) keeps the users of steps away from their reports",
        advice: "chmod o+x \(place.path)")
    case .socket where isOthersWrite:
      return DoctorFinding(
        .permissions, .warning, "\(place.path) (\(bits)) answers everyone on this machine",
        advice: "chmod 0660 \(place.path), unless this is meant")
    default: return nil
    }
  }

  var zonesFinding: DoctorFinding {
    guard hasZoneFolder else {
      return DoctorFinding(.zones, .error, "\(zoneFolder) is not there", advice: "apt install tzdata")
    }
    guard unreadableZones.isEmpty else {
      return DoctorFinding(
        .zones, .error, "\(zoneFolder) has no \(unreadableZones.joined(separator: ", ")), which windows use",
        advice: "apt install tzdata tzdata-legacy")
    }
    return DoctorFinding(.zones, .ok, "\(zoneFolder) has every zone that windows use")
  }

  var journalFinding: DoctorFinding {
    switch journal {
    case .persistent: DoctorFinding(.journal, .ok, "kept on the disk: it is there after a reboot")
    case .volatile:
      DoctorFinding(
        .journal, .warning, "kept in memory: what happened before a reboot cannot be read after it",
        advice: "mkdir /var/log/journal && systemctl restart systemd-journald")
    case .none:
      DoctorFinding(
        .journal, .warning, "switched off (Storage=none): nothing that happens can be read later",
        advice: "Storage=persistent in /etc/systemd/journald.conf, then: systemctl restart systemd-journald")
    case .absent:
      DoctorFinding(
        .journal, .warning, "there is no systemd: events and the output of steps go to the daemon's standard error",
        advice: "send standard error to a file that is kept")
    }
  }

  var lingeringFinding: DoctorFinding {
    switch lingering {
    case .notNeeded: DoctorFinding(.lingering, .ok, "not needed: the daemon is no service of a user's session")
    case .on(let user): DoctorFinding(.lingering, .ok, "on for \(user): the daemon runs without a login")
    case .off(let user):
      DoctorFinding(
        .lingering, .error, "off for \(user): the daemon ends with the last session, and does not start at boot",
        advice: "loginctl enable-linger \(user)")
    }
  }

  var wslFinding: DoctorFinding {
    guard isWSL else { return DoctorFinding(.wsl, .ok, "this is not WSL") }
    guard hasSystemd else {
      return DoctorFinding(
        .wsl, .error, "this is WSL without systemd: nothing starts the daemon, and it ends with the terminal",
        advice: "`[boot] systemd=true` in /etc/wsl.conf, then `wsl --shutdown` in Windows")
    }
    return DoctorFinding(
      .wsl, .warning,
      "this is WSL: Windows ends the instance some seconds after the last terminal, and with it every night's work",
      advice:
        "in %UserProfile%\\.wslconfig: `instanceIdleTimeout=-1` under [general] and `vmIdleTimeout=-1` under [wsl2]; "
        + "let Windows start the instance at logon")
  }
}
