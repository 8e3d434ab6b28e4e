import BackfillCore

/// What the commands of a window are: its own `steps:`, `run:` and `preflight:`, or those of a file of `pipelines.d`.
struct ReadPipeline {
  let steps: [ReadStep]
  let run: RunContext
  var preflight: [Check] = []
}

/// Reads a file of `pipelines.d`.
struct PipelineReader {
  private static let elsewhere = [
    KeyPlace(name: "a step", keys: StepReader.known, later: StepReader.later),
    KeyPlace(name: "`run`", keys: RunReader.known),
    KeyPlace(name: "`schedule`, of a window", keys: ScheduleReader.known),
    KeyPlace(name: "`dates`, of a window", keys: DatesReader.known),
    KeyPlace(name: "a window", keys: WindowReader.known),
  ]

  /// The directory of the pipelines.
  let directory: String
  let machine: any MachineFacts

  /// The paths of the pipeline called `name`: one, none when there is no such pipeline, or two with different endings.
  func paths(of name: String) throws(FileProblem) -> [String] {
    try Directory.yamlFiles(in: directory).filter { Path.stem($0) == name }.map { Path.join(directory, $0) }
  }

  /// The names of all pipelines.
  func names() throws(FileProblem) -> [String] {
    try Directory.yamlFiles(in: directory).map(Path.stem)
  }

  /// Reads the file at `path` for a window whose first date is `since`.
  static func read(
    _ path: String, since: CivilDate, machine: any MachineFacts
  ) -> (pipeline: ReadPipeline, findings: [ConfigFinding]) {
    let findings = FindingList(file: path)
    let pipeline = read(since: since, machine: machine, findings: findings)
    return (pipeline ?? ReadPipeline(steps: [], run: RunContext()), findings.sorted)
  }

  private static func read(since: CivilDate, machine: any MachineFacts, findings: FindingList) -> ReadPipeline? {
    guard let root = YAMLFile.root(of: findings.file, findings: findings),
      let keys = MappingReader(
        root: root, keys: ["description", "run", "preflight", "steps"],
        later: WindowReader.later, elsewhere: elsewhere, findings: findings)
    else { return nil }
    _ = keys["description"]?.text()
    let run = keys["run"].map {
      RunReader.read($0, directory: Path.parent(findings.file), machine: machine)
    }
    let preflight = keys["preflight"].map(CheckReader(kind: .preflight).checks)
    let steps = keys.required("steps").map { StepsReader.read($0, since: since) }
    return ReadPipeline(steps: steps ?? [], run: run ?? RunContext(), preflight: preflight ?? [])
  }
}

/// Reading a file of ours as YAML.
enum YAMLFile {
  /// Returns the root of the file at `path`, or `nil` when `findings` say why there is none.
  static func root(of path: String, mayBeEmpty: Bool = false, findings: FindingList) -> YAMLNode? {
    do {
      return YAMLSource.root(of: try FileText.read(path), mayBeEmpty: mayBeEmpty, findings: findings)
    } catch {
      findings.add(error.message, at: error.position, hint: error.hint)
      return nil
    }
  }
}
