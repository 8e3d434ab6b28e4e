import BackfillCore

/// What a configuration directory says.
public struct ConfigSet: Sendable, Equatable {
  /// The defaults where `backfilld.yaml` is missing; where it has findings, what could be read of it.
  public let settings: DaemonSettings
  /// What is wrong in `backfilld.yaml`, or with the directories themselves.
  public let settingsFindings: [ConfigFinding]
  /// What is wrong in `pipelines.d`, whether or not a window uses it.
  public let pipelineFindings: [ConfigFinding]
  /// The windows without a finding, by name.
  public let windows: [Window]
  /// The windows with findings, by name.
  public let rejected: [RejectedWindow]
  /// `backfilld.yaml` has no finding.
  public let areSettingsSound: Bool
  /// The directory of windows could be listed, if there is one.
  public let areWindowsListed: Bool

  public init(
    settings: DaemonSettings = DaemonSettings(), settingsFindings: [ConfigFinding] = [],
    pipelineFindings: [ConfigFinding] = [], windows: [Window] = [], rejected: [RejectedWindow] = [],
    areSettingsSound: Bool = true, areWindowsListed: Bool = true
  ) {
    self.areSettingsSound = areSettingsSound
    self.areWindowsListed = areWindowsListed
    self.settings = settings
    self.settingsFindings = settingsFindings
    self.pipelineFindings = pipelineFindings
    self.windows = windows
    self.rejected = rejected
  }
}

extension ConfigSet {
  /// Everything that is wrong: the settings and the directories, the pipelines, the windows by name.
  ///
  /// A mistake in a pipeline is there once, not again for each window that uses it.
  public var findings: [ConfigFinding] {
    var seen: Set<ConfigFinding> = []
    return (settingsFindings + pipelineFindings + rejected.flatMap(\.findings)).filter { seen.insert($0).inserted }
  }

  /// As the engine takes it.
  public var configuration: DaemonConfiguration {
    DaemonConfiguration(
      settings: settings, areSettingsSound: areSettingsSound, areWindowsListed: areWindowsListed,
      findings: (settingsFindings + pipelineFindings).map(\.description), windows: windows,
      rejected: rejected.map { RejectedWindowStatus(window: $0.name, findings: $0.findings.map(\.description)) })
  }
}

/// A window whose file has findings: it is disabled, the others are not.
public struct RejectedWindow: Sendable, Equatable {
  /// The file's name without its extension.
  public let name: String
  public let file: String
  /// At least one.
  public let findings: [ConfigFinding]

  public init(name: String, file: String, findings: [ConfigFinding]) {
    self.name = name
    self.file = file
    self.findings = findings
  }
}
