/// What the configuration files say, as the engine takes it: at the start, and again at each reload.
public struct DaemonConfiguration: Sendable, Equatable {
  public let settings: DaemonSettings
  /// `backfilld.yaml` could be read as a whole; otherwise a reload keeps the settings that are in force.
  public let areSettingsSound: Bool
  /// The directory of windows could be listed; otherwise a reload takes no window for deleted.
  public let areWindowsListed: Bool
  /// What is wrong in `backfilld.yaml`, in a pipeline, or with the directories; each `file:line:column: what`.
  public let findings: [String]
  /// The windows without a finding.
  public let windows: [Window]
  /// The windows whose file has findings.
  public let rejected: [RejectedWindowStatus]

  public init(
    settings: DaemonSettings = DaemonSettings(), areSettingsSound: Bool = true, areWindowsListed: Bool = true,
    findings: [String] = [], windows: [Window] = [], rejected: [RejectedWindowStatus] = []
  ) {
    self.settings = settings
    self.areSettingsSound = areSettingsSound
    self.areWindowsListed = areWindowsListed
    self.findings = findings
    self.windows = windows
    self.rejected = rejected
  }
}

extension Window {
  /// What remains of a window that is no longer configured: its name, over no dates and no steps.
  public static func former(_ name: String, zone: Zone) -> Window {
    let dayOne = CivilDate(daysSinceEpoch: 1)
    return Window(
      name: name, dates: DateSelection(from: dayOne, to: dayOne.adding(days: -1)), zone: zone, steps: [])
  }

  /// The expression and zone that firings belong to, as the ledger keeps them; `nil` without a schedule.
  public var scheduleKey: String? {
    schedule.map { "\($0.when.description) \(zone.name)" }
  }
}
