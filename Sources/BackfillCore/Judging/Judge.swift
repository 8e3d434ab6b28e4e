/// Judges one attempt of one step by its report: the facts first, then the rates.
public enum Judge {
  /// The verdict on `report`, the worst of all findings.
  ///
  /// A report that contradicts itself is judged no further. Without a report (`nil`: the step promises none) only the
  /// duration is judged. The sentence starts with `DATE STEP: `, then come the worst finding and the others that are not
  /// a pass, ten at most; the sentences of the findings have no such start. Source: VERDICT, with its corrections.
  public static func verdict(
    on report: Report?, expecting: Expectation, in context: JudgingContext
  ) -> StepVerdict {
    verdict(on: report, expecting: expecting, in: context, limits: context.limits)
  }

  static func verdict(
    on report: Report?, expecting: Expectation, in context: JudgingContext, limits: AlarmLimits
  ) -> StepVerdict {
    let found = findings(on: report, expecting: expecting, in: context, limits: limits)
    let word = found.map(\.word).max() ?? .pass
    return StepVerdict(
      word: word, findings: found, sentence: sentence(word, found, report: report, in: context))
  }

  private static func findings(
    on report: Report?, expecting: Expectation, in context: JudgingContext, limits: AlarmLimits
  ) -> [Finding] {
    var found: [Finding] = []
    if let report {
      if let contradiction = ConsistencyCheck.finding(on: report) { return [contradiction] }
      found = findings(onFacts: report, expecting: expecting, in: context, limits: limits)
    }
    let slow = DurationCheck.finding(
      on: context.duration, slowInPrevious4: context.slowInPrevious4, expecting: expecting)
    return found + [slow].compactMap(\.self)
  }

  private static func findings(
    onFacts report: Report, expecting: Expectation, in context: JudgingContext, limits: AlarmLimits
  ) -> [Finding] {
    let streams = expecting.streams.filter { !$0.bands.isEmpty }
    let banded = streams.compactMap { stream in
      stream.edges(on: context.date).map { (stream: stream, edges: $0) }
    }
    var found = NeverCheck.findings(on: report, never: expecting.never)
    found += UnknownCategoryCheck.findings(on: report, expecting: expecting)
    found += [
      AttemptsCheck.finding(on: report, expecting: expecting),
      RecordsCheck.finding(on: report, expecting: expecting, edges: banded, limits: limits),
      CompletenessCheck.finding(on: report, expecting: expecting, calendarCount: context.calendarCount),
    ].compactMap(\.self)
    found += MetricsCheck.findings(on: report, expecting: expecting)
    guard let attempted = report.attempted else { return found }
    guard attempted > 0 else {
      return found
        + banded.map { RateCheck.nothingAttempted(on: report, stream: $0.stream, edges: $0.edges, limits: limits) }
    }
    return found
      + streams.map { stream in
        guard let edges = stream.edges(on: context.date) else {
          return RateCheck.noBand(on: report, stream: stream, date: context.date, attempted: attempted)
        }
        return RateCheck.finding(
          on: report, stream: stream, edges: edges, attempted: attempted, limits: limits)
      }
  }

  /// So many findings are told in a sentence: a report may have a category for each entity.
  private static let toldLimit = 10

  /// The worst finding first, then the others that are not a pass; the passes only where there is nothing else.
  private static func sentence(
    _ word: Verdict, _ found: [Finding], report: Report?, in context: JudgingContext
  ) -> String {
    let start = "\(context.date) \(context.step): "
    guard !found.isEmpty else { return start + plainPass(report, took: context.duration) }
    let told = word == .pass ? found : found.filter { $0.word > .pass }
    let worst = told.filter { $0.word == word }
    let others = told.filter { $0.word != word }.sorted { $0.word > $1.word }
    let sentences = (worst + others).map(\.sentence)
    let more = sentences.count - toldLimit
    let rest = more > 0 ? ["\(more) more \(more == 1 ? "finding" : "findings")."] : []
    return start + (sentences.prefix(toldLimit) + rest).joined(separator: " Also: ")
  }

  /// What there is to say about a step that has no rate and nothing wrong.
  private static func plainPass(_ report: Report?, took: Duration) -> String {
    var parts: [String] = []
    if let attempted = report?.attempted { parts.append("\(Wording.grouped(attempted)) attempted") }
    if let records = report?.records { parts.append(Wording.counted(records, "record")) }
    parts.append("took \(took.spoken)")
    return parts.joined(separator: ", ") + " -> pass."
  }
}
