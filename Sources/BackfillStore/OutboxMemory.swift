import BackfillCore

/// What is known of the outbox without reading it: how far its events were handed over and have left the disk, and, where
/// that is complete, those that wait.
struct OutboxMemory {
  /// More that wait are left on the disk.
  private static let limit = 1000
  /// After such a time without a write, what was handed over leaves the disk with a write of its own.
  static let quiet = Duration.milliseconds(50)

  private(set) var through: Int64 = 0
  private var forgotten: Int64 = 0
  /// When the last transaction that was committed began, in monotonic time.
  private var writtenAt = Duration.zero
  /// A look at whether they are to be forgotten is to come.
  private var isPlanned = false
  /// All that wait; `nil`: only the disk tells.
  private var waiting: [OutboxEntry]?
  /// How many transactions were committed.
  private(set) var writes = 0

  /// What is to be forgotten; `nil` when nothing is.
  var unforgotten: Int64? { through > forgotten ? through : nil }

  /// The first `limit` that wait; `nil`: only the disk tells.
  func kept(limit: Int) -> [OutboxEntry]? { waiting.map { Array($0.prefix(limit)) } }

  /// Takes in that `entries` is all that waited on the disk when `writes` transactions were committed.
  mutating func keep(_ entries: [OutboxEntry], asOf writes: Int) {
    guard writes == self.writes else { return }
    waiting = entries.filter { $0.id > through }
  }

  enum Look: Equatable {
    case nothing, write, again
  }

  /// The planned look: what to do at `now` (monotonic time). After `again`, the next look is planned.
  mutating func look(at now: Duration) -> Look {
    isPlanned = unforgotten != nil && now - writtenAt < Self.quiet
    return isPlanned ? .again : unforgotten == nil ? .nothing : .write
  }

  /// Takes in what was handed over; returns whether a look is to be planned.
  mutating func note(through id: Int64) -> Bool {
    through = max(through, id)
    waiting?.removeAll { $0.id <= id }
    defer { isPlanned = true }
    return !isPlanned
  }

  /// Takes in a transaction, begun at `now` (monotonic time), that appended `entries` (`nil`: not known which) and has removed
  /// what is up to `forgotten`.
  mutating func note(committed entries: [OutboxEntry]?, forgotten id: Int64?, at now: Duration = .zero) {
    writes += 1
    writtenAt = now
    if let id { forgotten = max(forgotten, id) }
    guard let known = waiting?.count, let entries, known + entries.count <= Self.limit else {
      waiting = nil
      return
    }
    // What a read has found just before this call is there already.
    let last = waiting?.last?.id ?? through
    waiting?.append(contentsOf: entries.lazy.filter { $0.id > last })
  }
}
