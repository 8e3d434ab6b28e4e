import BackfillCore

/// Reads a file of `windows.d`.
struct WindowReader {
  static let known = [
    "description", "dates", "order", "schedule", "on_anomaly", "max_held", "settled_after", "parallel", "locks", "run",
    "preflight", "pipeline", "steps",
  ]
  static let later = ["version_command", "checks", "notify"]

  private static let elsewhere = [
    KeyPlace(name: "a step", keys: StepReader.known, later: StepReader.later),
    KeyPlace(name: "`schedule`", keys: ScheduleReader.known), KeyPlace(name: "`dates`", keys: DatesReader.known),
    KeyPlace(name: "`run`", keys: RunReader.known),
  ]

  /// The first date stands in for a window's that could not be read, so that the rest of the file is still checked.
  static let unknownStart = CivilDate(daysSinceEpoch: 0)

  /// `max_held` where the file does not say: a pipeline that is broken does not fail on every date of the night.
  static let usualMaxHeld = 3

  private let keys: MappingReader
  private let file: String
  private let pipelines: PipelineReader
  private let findings: FindingList

  /// Returns the window, or `nil` and what is wrong with it.
  static func read(_ file: String, pipelines: PipelineReader) -> (window: Window?, findings: [ConfigFinding]) {
    let findings = FindingList(file: file)
    let name = Path.stem(Path.last(file))
    if !NameText.isName(name) {
      findings.add(
        "a window is named by its file, and \(quoted(name)) is not made of letters, digits, `-`, `_` and `.`",
        at: .start,
        hint: "rename the file")
    }
    guard let root = YAMLFile.root(of: file, findings: findings),
      let keys = MappingReader(root: root, keys: known, later: later, elsewhere: elsewhere, findings: findings)
    else { return (nil, findings.sorted) }
    let reader = WindowReader(keys: keys, file: file, pipelines: pipelines, findings: findings)
    let window = reader.window(name)
    return (findings.isEmpty ? window : nil, findings.sorted)
  }

  private func window(_ name: String) -> Window? {
    let machine = pipelines.machine
    let directory = Path.parent(file)
    let readDates = keys.required("dates").map {
      DatesReader.read($0, keyPosition: keys.keyPosition("dates"), directory: directory)
    }
    let dates = readDates?.selection
    let schedule = keys["schedule"].flatMap { ScheduleReader.read($0, machine: machine) }
    let run = keys["run"].map { RunReader.read($0, directory: directory, machine: machine) } ?? RunContext()
    let pipeline = pipeline(since: dates?.from ?? Self.unknownStart)
    let preflight = keys["preflight"].map(CheckReader(kind: .preflight).checks) ?? pipeline.preflight
    let context = run.over(pipeline.run)
    let user = context.user == nil ? stepUser() : nil
    let steps = pipeline.steps.map(\.step)
    checkCounts(of: dates, readDates?.counts ?? .unknown, for: pipeline.steps)
    let description = keys["description"]?.text()
    let order = keys["order"].flatMap { $0.choice(["oldest-first", "newest-first"]) }.flatMap(DateOrder.init)
    let action = keys["on_anomaly"].flatMap { $0.choice(["pause", "hold"]) }.flatMap(AnomalyAction.init)
    let maxHeld = keys["max_held"].map { $0.wholeNumber(atLeast: 1) } ?? Self.usualMaxHeld
    let settled = keys["settled_after"].flatMap(days)
    let parallel = keys["parallel"].flatMap(parallel)
    let locks = keys["locks"].map { $0.distinct { $0.name() } }
    guard let dates else { return nil }
    return Window(
      name: name, description: description ?? "", dates: dates, order: order ?? .oldestFirst,
      schedule: schedule?.schedule, zone: schedule?.zone ?? machine.localZone, onAnomaly: action ?? .pause,
      maxHeld: maxHeld, settledAfterDays: settled, parallel: parallel ?? Parallel(), locks: locks ?? [],
      run: context.running(as: user),
      preflight: preflight, steps: steps, definitionHash: DefinitionHash.digest(run: context, steps: steps))
  }

  /// As whom the commands of a window run that names nobody; `nil`: as the daemon's own user. It does not belong to the
  /// definition: the daemon may run as another user tomorrow.
  private func stepUser() -> String? {
    guard let name = pipelines.machine.stepUser else { return nil }
    guard pipelines.machine.userExists(name) else {
      findings.add(
        "`run.user` is missing, and there is no user \(quoted(name)), as whom the machine's backfilld runs commands when "
          + "it runs as root",
        at: keys["run"]?.position ?? keys.position,
        hint:
          "name one in `run.user`, or make that user (systemd-sysusers); a daemon that root starts with a --state-dir "
          + "of its own runs them as root")
      return nil
    }
    return name
  }

  private func pipeline(since: CivilDate) -> ReadPipeline {
    let none = ReadPipeline(steps: [], run: RunContext())
    guard let field = keys["pipeline"] else {
      guard let steps = keys["steps"] else {
        findings.add("`steps` is missing", at: keys.position, hint: "give `steps`, or name a `pipeline`")
        return none
      }
      return ReadPipeline(steps: StepsReader.read(steps, since: since), run: RunContext())
    }
    if let steps = keys["steps"] {
      findings.add(
        "the window has both `pipeline` and `steps`", at: keys.keyPosition("steps"), hint: "use one of them")
      _ = StepsReader.read(steps, since: since)
    }
    guard let name = field.name() else { return none }
    do {
      let paths = try pipelines.paths(of: name)
      guard let path = paths.first else {
        field.report(
          "there is no pipeline \(quoted(name)) in `\(pipelines.directory)`",
          hint: Suggestion.hint(for: name, among: try pipelines.names()))
        return none
      }
      if paths.count > 1 {
        field.report(
          "the pipeline \(quoted(name)) is in \(paths.map { "`\($0)`" }.joined(separator: " and in "))",
          hint: "rename or remove one of the two files")
      }
      let (pipeline, others) = PipelineReader.read(path, since: since, machine: pipelines.machine)
      findings.add(others)
      return pipeline
    } catch {
      field.report("`\(pipelines.directory)` \(error.message)")
      return none
    }
  }

  /// `completeness` is a part of the calendar's count, so every date must have one.
  private func checkCounts(of dates: DateSelection?, _ counts: DatesReader.Counts, for steps: [ReadStep]) {
    guard let reason = missingCount(of: dates, counts) else { return }
    for step in steps where step.completeness != nil {
      let position = keys["pipeline"]?.position ?? step.completeness ?? keys.position
      findings.add(
        "`expect.completeness` of step \(quoted(step.step.name)) needs a COUNT for each date", at: position,
        hint: reason)
    }
  }

  /// Which COUNT is missing; `nil` when none is, or it is not known.
  private func missingCount(of dates: DateSelection?, _ counts: DatesReader.Counts) -> String? {
    switch counts {
    case .unknown: return nil  // What a command prints is checked when it has.
    case .none: return "`dates.from_file` or `dates.from_command` must give one as `DATE,COUNT`"
    case .listed(let listed):
      let uncounted: CivilDate?
      if let dates {
        // A window that follows the calendar will come to the end of the list.
        let all = listed.keys.max().map { dates.asOf($0.adding(days: dates.daysBeforeToday ?? 0)) } ?? dates
        uncounted = WindowCalendar(all).workDates.first { $0.count == nil }?.date
      } else {
        // Which of them the window covers is not known.
        uncounted = listed.values.allSatisfy { $0.count == nil } ? listed.keys.min() : nil
      }
      return uncounted.map { "`dates.from_file` gives none for \($0)" }
    }
  }

  private func days(_ field: Field) -> Int? {
    guard let text = field.scalar, let duration = DurationText.value(of: text),
      duration.wholeMilliseconds % 86_400_000 == 0
    else { return field.refuse("a number of days such as `3d`") }
    return Int(duration.wholeMilliseconds / 86_400_000)
  }

  private func parallel(_ field: Field) -> Parallel? {
    guard let keys = MappingReader(field, keys: ["dates", "steps"], prefix: "parallel.") else { return nil }
    return Parallel(
      dates: keys["dates"]?.wholeNumber(atLeast: 1) ?? 1, steps: keys["steps"]?.wholeNumber(atLeast: 1) ?? 1)
  }
}
