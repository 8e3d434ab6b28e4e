extension JudgeCase: Decodable {
  /// Reads a line. Whatever is wrong with it becomes `invalid`, under the line's `id` where that can be read.
  public init(from decoder: any Decoder) throws {
    var identity = JudgeIdentity.none
    do {
      identity = try JudgeIdentity(in: decoder)
      self = try Self.read(try JudgeLine(from: decoder), identity)
    } catch let fault as JudgeFault {
      self = .invalid(identity, fault.sentence)
    } catch let error as DecodingError {
      self = .invalid(identity, JudgeFault(error).sentence)
    } catch {
      self = .invalid(identity, "the line cannot be read: \(JudgeFault.quoted("\(error)"))")
    }
  }

  private static func read(_ line: JudgeLine, _ identity: JudgeIdentity) throws(JudgeFault) -> JudgeCase {
    if let dates = line.dates { return .sequence(identity, try sequence(line, dates)) }
    if line.records != nil || line.failures != nil || line.durationSeconds != nil {
      return .facts(identity, try facts(line))
    }
    return .date(identity, try date(line))
  }

  private static func date(_ line: JudgeLine) throws(JudgeFault) -> DateTest {
    let (n, k) = try counts(line.n?.value, line.k?.value, in: "")
    guard let edges = try edges(line.lo, line.hi, in: "") else { throw JudgeFault("`lo` and `hi` are missing") }
    return DateTest(
      n: n, k: k, low: edges.low, high: edges.high, rho: try dispersion(line),
      above: try severity(line.above, "above") ?? .anomaly,
      below: try severity(line.below, "below") ?? .warn, limits: try limits(line))
  }

  private static func sequence(_ line: JudgeLine, _ dates: [JudgeLine.Date]) throws(JudgeFault) -> SequenceCase {
    var read: [SequenceCase.Date] = []
    for (index, date) in dates.enumerated() {
      let place = "dates[\(index)]: "
      let (n, k) = try counts(date.n?.value, date.k?.value, in: place)
      read.append(SequenceCase.Date(n: n, k: k, edges: try edges(date.lo, date.hi, in: place)))
    }
    let limits = try limits(line)
    let start = DriftTest(
      windowDates: limits.windowDates, streams: limits.streams, rho: try dispersion(line),
      above: try severity(line.above, "above") ?? .anomaly, below: try severity(line.below, "below") ?? .warn,
      budget: line.budget ?? AlarmLimits.budget)
    return SequenceCase(start: start, dates: read)
  }

  private static func facts(_ line: JudgeLine) throws(JudgeFault) -> FactsCase {
    let limits = try limits(line)
    let rho = try dispersion(line)
    let slow = line.slowInPrevious4?.value ?? 0
    guard (0...4).contains(slow) else { throw JudgeFault("`slow_in_previous_4` is \(slow), not 0 to 4") }
    let day = CivilDate(daysSinceEpoch: 0)
    var streams: [RateStream] = []
    if let edges = try edges(line.lo, line.hi, in: "") {
      let band = Band(firstDay: 0, lastDay: nil, low: edges.low, high: edges.high)
      streams.append(
        RateStream(
          categories: line.categories ?? line.expected ?? [], since: day, bands: [band],
          above: try severity(line.above, "above") ?? .anomaly, below: try severity(line.below, "below") ?? .warn,
          rho: rho))
    }
    let expectation = Expectation(
      records: line.minRecords.map { NumberRange(minimum: Double($0.value)) },
      maxDuration: try seconds(line.maxDurationSeconds, "max_duration_s"), never: line.never ?? [],
      expected: line.expected ?? [], streams: streams, allowEmpty: line.allowEmpty ?? false)
    let context = JudgingContext(
      date: day, step: "case", windowDates: limits.windowDates, streams: limits.streams, slowInPrevious4: slow,
      duration: try seconds(line.durationSeconds, "duration_s") ?? .zero)
    let report = Report(
      attempted: line.n?.value, records: line.records?.value, failures: line.failures?.mapValues(\.value) ?? [:])
    return FactsCase(report: report, expectation: expectation, context: context, limits: limits)
  }
}

extension JudgeCase {
  private static func counts(_ n: Int?, _ k: Int?, in place: String) throws(JudgeFault) -> (n: Int, k: Int) {
    guard let n else { throw JudgeFault("\(place)`n` is missing") }
    guard let k else { throw JudgeFault("\(place)`k` is missing") }
    guard n >= 0 else { throw JudgeFault("\(place)`n` is \(n), below 0") }
    guard k >= 0 else { throw JudgeFault("\(place)`k` is \(k), below 0") }
    guard k <= n else { throw JudgeFault("\(place)`k` is \(k), above `n` (\(n))") }
    return (n, k)
  }

  /// `nil` when neither edge is given.
  private static func edges(
    _ lo: Double?, _ hi: Double?, in place: String
  ) throws(JudgeFault) -> SequenceCase.Edges? {
    if lo == nil, hi == nil { return nil }
    let low = lo ?? 0
    let high = hi ?? 1
    guard (0...1).contains(low) else { throw JudgeFault("\(place)`lo` is \(low), not 0 to 1") }
    guard (0...1).contains(high) else { throw JudgeFault("\(place)`hi` is \(high), not 0 to 1") }
    guard low <= high else { throw JudgeFault("\(place)`lo` is \(low), above `hi` (\(high))") }
    return SequenceCase.Edges(low: low, high: high)
  }

  private static func dispersion(_ line: JudgeLine) throws(JudgeFault) -> Double {
    let rho = line.rho ?? 0.005
    guard rho >= 0, rho < 1 else { throw JudgeFault("`rho` is \(rho), not 0 or more and below 1") }
    return rho
  }

  private static func severity(_ word: String?, _ key: String) throws(JudgeFault) -> Severity? {
    guard let word else { return nil }
    guard let severity = Severity(rawValue: word) else {
      throw JudgeFault("`\(key)` is \(JudgeFault.quoted(word)), not `warn` or `anomaly`")
    }
    return severity
  }

  /// The limits of the line; without `alpha_anomaly` what `budget`, `window_dates` and `streams` leave to one date.
  private static func limits(_ line: JudgeLine) throws(JudgeFault) -> AlarmLimits {
    let budget = try probability(line.budget ?? AlarmLimits.budget, "budget")
    let dates = line.windowDates?.value ?? 180
    let streams = line.streams?.value ?? 1
    guard dates >= 1 else { throw JudgeFault("`window_dates` is \(dates), below 1") }
    guard streams >= 1 else { throw JudgeFault("`streams` is \(streams), below 1") }
    let shared = AlarmLimits(windowDates: dates, streams: streams, budget: budget)
    return AlarmLimits(
      alphaWarn: try probability(line.alphaWarn ?? shared.alphaWarn, "alpha_warn"),
      alphaAnomaly: try probability(line.alphaAnomaly ?? shared.alphaAnomaly, "alpha_anomaly"),
      windowDates: dates, streams: streams)
  }

  private static func probability(_ value: Double, _ key: String) throws(JudgeFault) -> Double {
    guard value > 0, value <= 1 else { throw JudgeFault("`\(key)` is \(value), not above 0 and at most 1") }
    return value
  }

  /// Rounded to nanoseconds.
  private static func seconds(_ value: Double?, _ key: String) throws(JudgeFault) -> Duration? {
    guard let value else { return nil }
    guard value >= 0, value <= 1e9 else { throw JudgeFault("`\(key)` is \(value), not 0 to 1000000000") }
    // 40.4 has no exact binary form: cut to attoseconds, five times that would be a little less than 202 s.
    let whole = value.rounded(.down)
    return .seconds(Int64(whole)) + .nanoseconds(Int64(((value - whole) * 1e9).rounded()))
  }
}
