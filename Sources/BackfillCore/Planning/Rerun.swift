/// Steps that a person wants to run again, and what becomes stale by it: worked out before it is written down.
public struct Rerun: Sendable, Equatable {
  /// The only step that runs again on the named dates; `nil`: all of them.
  public let step: String?
  /// What becomes stale runs now as well.
  public let isDownstream: Bool
  /// In calendar order: the named dates, and those with results that become stale.
  public let dates: [RerunDate]

  public init(step: String?, isDownstream: Bool = false, dates: [RerunDate]) {
    self.step = step
    self.isDownstream = isDownstream
    self.dates = dates
  }

  /// The dates that the person named.
  public var named: [CivilDate] { dates.filter { !$0.again.isEmpty }.map(\.date) }

  /// The dates that are worked on at once.
  public var startable: [CivilDate] { isDownstream ? dates.filter(\.isPending).map(\.date) : named }

  /// The only step that is worked on at once; `nil`: all that can be.
  public var onlyStep: String? { isDownstream ? nil : step }

  /// How much it is.
  public var count: RerunCount {
    RerunCount(dates: dates.count, steps: dates.reduce(0) { $0 + $1.again.count + $1.stale.count })
  }

  /// The results that become stale, besides the named steps.
  public var staleCount: RerunCount {
    let stale = dates.filter { !$0.stale.isEmpty }
    return RerunCount(dates: stale.count, steps: stale.reduce(0) { $0 + $1.stale.count })
  }

  /// What is run again, in words: "`load` of 2013-02-08", "2 dates".
  public var spoken: String {
    let dates = named.count == 1 ? "\(named[0])" : "\(named.count) dates"
    return step.map { "`\($0)` of \(dates)" } ?? dates
  }
}

/// What a rerun does to one date.
public struct RerunDate: Sendable, Equatable, Codable {
  public let date: CivilDate
  /// The steps that run again because the person named them, in the order of the file; none on a date that he did not name.
  public let again: [String]
  /// The steps whose results become stale, in the order of the file.
  public let stale: [String]
  /// It becomes pending; a held date that another step holds stays held.
  public let isPending: Bool

  public init(date: CivilDate, again: [String], stale: [String], isPending: Bool) {
    self.date = date
    self.again = again
    self.stale = stale
    self.isPending = isPending
  }

  enum CodingKeys: String, CodingKey {
    case date, again, stale
    case isPending = "pending"
  }
}

/// How much a rerun is: what a person confirms.
public struct RerunCount: Sendable, Equatable, Codable {
  public let dates: Int
  /// Over all dates, the named ones included.
  public let steps: Int

  public init(dates: Int, steps: Int) {
    self.dates = dates
    self.steps = steps
  }
}

/// How a date stands, without what its attempts brought.
public struct DateStanding: Sendable, Equatable {
  public let state: DateState
  public let reason: String?
  /// Held only because the input of a step is missing.
  public let awaitsInput: Bool
  /// Keyed by name; steps that the ledger does not know are absent.
  public let steps: [String: StepStanding]

  public init(
    state: DateState = .pending, reason: String? = nil, awaitsInput: Bool = false, steps: [String: StepStanding] = [:]
  ) {
    self.state = state
    self.reason = reason
    self.awaitsInput = awaitsInput
    self.steps = steps
  }
}

/// How a step of a date stands, without what its attempts brought.
public struct StepStanding: Sendable, Equatable {
  public let state: StepState
  /// An anomaly that nobody accepted.
  public let isOpenAnomaly: Bool

  public init(state: StepState, isOpenAnomaly: Bool = false) {
    self.state = state
    self.isOpenAnomaly = isOpenAnomaly
  }

  /// There is a result, if a bad one.
  public var hasResult: Bool { state == .done || state == .failed || state == .stale }
  /// It holds its date.
  public var holds: Bool { state == .failed || isOpenAnomaly }
  /// Done, and the steps below may start.
  public var opensGate: Bool { state == .done && !isOpenAnomaly }
}
