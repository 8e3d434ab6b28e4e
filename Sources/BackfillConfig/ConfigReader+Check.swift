import BackfillCore

extension ConfigReader {
  /// Checks one file, without a daemon: a file in `windows.d` as a window, one in `pipelines.d` as a pipeline, `backfilld.yaml`
  /// by its name, any other as a window; of a directory all that a daemon with this configuration would read.
  ///
  /// A `pipeline:` is looked up in the `pipelines.d` beside the directory of the window.
  /// - Returns: The findings by position; empty when the file is good, and has a name that the daemon reads.
  public static func check(file: String, machine: any MachineFacts) -> [ConfigFinding] {
    if Directory.isThere(file) { return findings(ofDirectory: file, machine) }
    let kind = Kind(file)
    let findings =
      switch kind {
      case .settings: SettingsReader.read(file).findings
      case .pipeline: PipelineReader.read(file, since: WindowReader.unknownStart, machine: machine).findings
      case .window: WindowReader.read(file, pipelines: pipelines(for: file, machine)).findings
      }
    return (Directory.has(file) ? [nameFinding(of: file, kind)].compactMap(\.self) : []) + findings
  }

  private static func findings(ofDirectory directory: String, _ machine: any MachineFacts) -> [ConfigFinding] {
    let ours = ["backfilld.yaml", "windows.d", "pipelines.d"]
    guard ours.contains(where: { Directory.has(Path.join(directory, $0)) }) else {
      return [
        ConfigFinding(
          file: directory, line: 1, column: 1, message: "this directory has no configuration",
          hint: "name files, or the directory above `windows.d`")
      ]
    }
    return ConfigReader(directory: directory, machine: machine).read().findings
  }

  private static func pipelines(for file: String, _ machine: any MachineFacts) -> PipelineReader {
    PipelineReader(directory: Path.pipelines(besides: Path.parent(file)), machine: machine)
  }

  /// What a file is taken for.
  private enum Kind {
    case settings, pipeline, window

    init(_ file: String) {
      let folder = Path.last(Path.absolute(Path.parent(file)))
      self =
        switch (folder, Path.last(file)) {
        case ("windows.d", _): .window
        case ("pipelines.d", _): .pipeline
        case (_, "backfilld.yaml"), (_, "backfilld.yml"): .settings
        default: .window
        }
    }
  }

  /// Says when no daemon reads a file of this name.
  private static func nameFinding(of file: String, _ kind: Kind) -> ConfigFinding? {
    let name = Path.last(file)
    let message: String
    let better: String
    switch kind {
    case .settings:
      guard name != "backfilld.yaml" else { return nil }
      message = "backfilld reads its settings from no file of this name"
      better = "backfilld.yaml"
    case .pipeline, .window:
      guard !Directory.isRead(name) else { return nil }
      message =
        name.hasPrefix(".")
        ? "backfilld reads no hidden file" : "backfilld reads no file of this name, only `.yaml` and `.yml`"
      better = Path.readable(name)
    }
    return ConfigFinding(file: file, line: 1, column: 1, message: message, hint: "rename it to \(quoted(better))")
  }
}
