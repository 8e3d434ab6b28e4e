/// What failed in a window: counts from the stored reports, with n, the rate, and what is expected. Pure.
public struct FailureTally: Sendable {
  public let window: Window
  public let calendar: WindowCalendar

  public init(window: Window, calendar: WindowCalendar) {
    self.window = window
    self.calendar = calendar
  }

  /// The counts of the done steps of `records`, on the dates of the calendar.
  public func view(_ records: [DateRecord], by grouping: FailuresRequest.Grouping) -> FailuresView {
    var sums: [Key: Sum] = [:]
    for record in records where calendar[record.date] != nil {
      for (index, step) in window.steps.enumerated() {
        guard let known = record.steps[step.name], known.state == .done, let report = known.report else { continue }
        let key = Key(group: Self.group(of: record.date, grouping), index: index)
        sums[key, default: Sum()].add(report, of: step, on: record.date)
      }
    }
    let rows = sums.sorted { $0.key < $1.key }.flatMap { key, sum in
      let step = window.steps[key.index]
      return grouping == .category ? sum.categoryRows(of: step) : [sum.row(key.group ?? step.name, of: step)]
    }
    return FailuresView(window: window.name, by: grouping, rows: rows)
  }

  /// Weeks are named by their Monday. `nil`: one group over all dates.
  private static func group(of date: CivilDate, _ grouping: FailuresRequest.Grouping) -> String? {
    switch grouping {
    case .category, .step: nil
    case .date: date.description
    case .week: date.adding(days: 1 - date.weekday.rawValue).description
    }
  }

  private struct Key: Hashable, Comparable {
    let group: String?
    /// Of the step, in the order of the file.
    let index: Int

    static func < (left: Key, right: Key) -> Bool {
      (left.group ?? "", left.index) < (right.group ?? "", right.index)
    }
  }
}

/// What the reports of one step add up to. A count that is too large to write stays at the largest number.
private struct Sum {
  /// Of one rate stream.
  struct Stream {
    var n = 0
    var failed = 0
    /// The edges of the band, each weighted by n; over the dates that have a band.
    var low = 0.0
    var high = 0.0
    /// A sum of counts may be larger than an integer can be.
    var bandedN = 0.0
  }

  private var reports = 0
  private var n = 0
  private var failed = 0
  /// Failures of the reports that say how many were attempted.
  private var failedOfN = 0
  private var kinds: [FailureKind: Int] = [:]
  private var streams: [Stream] = []
  private var categories: [String: (count: Int, ofN: Int, dates: Int)] = [:]

  mutating func add(_ report: Report, of step: Step, on date: CivilDate) {
    reports += 1
    let attempted = max(0, report.attempted ?? 0)
    n.addSaturated(attempted)
    for (category, count) in report.failures where count > 0 {
      failed.addSaturated(count)
      let ofN = attempted > 0 ? count : 0
      failedOfN.addSaturated(ofN)
      kinds[FailureKind(category, in: step.expect), default: 0].addSaturated(count)
      let known = categories[category] ?? (0, 0, 0)
      categories[category] = (known.count.addingSaturated(count), known.ofN.addingSaturated(ofN), known.dates + 1)
    }
    if streams.isEmpty { streams = step.expect.streams.map { _ in Stream() } }
    guard attempted > 0 else { return }
    for (index, stream) in step.expect.streams.enumerated() {
      streams[index].n.addSaturated(attempted)
      streams[index].failed.addSaturated(stream.failures(in: report))
      guard let edges = stream.edges(on: date) else { continue }
      streams[index].low += edges.low * Double(attempted)
      streams[index].high += edges.high * Double(attempted)
      streams[index].bandedN += Double(attempted)
    }
  }

  func row(_ group: String, of step: Step) -> FailureRow {
    FailureRow(
      group: group, step: step.name, kind: nil, dates: reports, n: n, failed: failed, rate: Self.rate(failedOfN, n),
      expected: kinds[.expected] ?? 0, never: kinds[.never] ?? 0, unknown: kinds[.unknown] ?? 0,
      streams: step.expect.streams.indices.map { streamRate($0, of: step) })
  }

  /// Every category that was seen or is named, the most failures first.
  func categoryRows(of step: Step) -> [FailureRow] {
    let named = step.expect.never + step.expect.expected + step.expect.streams.flatMap(\.categories)
    let rows = Set(named).union(categories.keys).map { category in
      let count = categories[category] ?? (0, 0, 0)
      let kind = FailureKind(category, in: step.expect)
      let own = step.expect.streams.indices.filter { step.expect.streams[$0].categories.contains(category) }
      return FailureRow(
        group: category, step: step.name, kind: kind, dates: count.dates, n: n, failed: count.count,
        rate: Self.rate(count.ofN, n), expected: kind == .expected ? count.count : 0,
        never: kind == .never ? count.count : 0, unknown: kind == .unknown ? count.count : 0,
        streams: own.map { streamRate($0, of: step) })
    }
    return rows.sorted { ($1.failed, $0.group) < ($0.failed, $1.group) }
  }

  private func streamRate(_ index: Int, of step: Step) -> StreamRate {
    let sum = streams[index]
    return StreamRate(
      stream: step.expect.streams[index].name, n: sum.n, failed: sum.failed, rate: Self.rate(sum.failed, sum.n),
      low: sum.bandedN > 0 ? sum.low / sum.bandedN : nil,
      high: sum.bandedN > 0 ? sum.high / sum.bandedN : nil)
  }

  private static func rate(_ failed: Int, _ n: Int) -> Double? {
    n > 0 ? Double(failed) / Double(n) : nil
  }
}

extension FailureKind {
  /// What `expectation` says of `category`.
  init(_ category: String, in expectation: Expectation) {
    if expectation.never.contains(category) {
      self = .never
    } else if expectation.expected.contains(category)
      || expectation.streams.contains(where: { $0.categories.contains(category) })
    {
      self = .expected
    } else {
      self = .unknown
    }
  }
}
