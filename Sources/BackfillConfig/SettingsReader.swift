import BackfillCore

/// Reads `backfilld.yaml`.
enum SettingsReader {
  /// Returns the defaults where the file says nothing, and what is wrong with it.
  static func read(_ file: String) -> (settings: DaemonSettings, findings: [ConfigFinding]) {
    let findings = FindingList(file: file)
    let settings = settings(findings)
    return (settings, findings.sorted)
  }

  private static func settings(_ findings: FindingList) -> DaemonSettings {
    let defaults = DaemonSettings()
    guard let root = YAMLFile.root(of: findings.file, mayBeEmpty: true, findings: findings),
      let keys = MappingReader(
        root: root, keys: ["max_processes", "stop_grace"], later: ["hold_file", "notify", "retention", "web"],
        findings: findings)
    else { return defaults }
    return DaemonSettings(
      maxProcesses: keys["max_processes"]?.wholeNumber(atLeast: 1) ?? defaults.maxProcesses,
      stopGrace: keys["stop_grace"]?.duration(zeroAllowed: true) ?? defaults.stopGrace)
  }
}
