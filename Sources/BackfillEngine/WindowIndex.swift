import BackfillCore

/// What the loop must know of all windows at each message, kept so that no message walks over every one of them.
struct WindowIndex: Sendable {
  /// In alphabetical order.
  private(set) var names: [String]
  /// Those with a date in flight.
  private(set) var working: Set<String> = []

  private var users: [String: [String]]
  private var holders: [String: Set<String>] = [:]
  private var deadlines = DeadlineQueue<String>()
  /// Those of `names` that are not complete, in alphabetical order.
  private var openNames: [String]
  /// Those of them that a person must look at, in alphabetical order.
  private var troubled: [String] = []

  init(_ windows: some Collection<Window>) {
    names = windows.map(\.name).sorted()
    openNames = names
    users = Self.users(of: windows)
  }

  /// Takes in that `windows` are now those that are configured. A window of which a date is in flight must be the same as
  /// before, or must be gone.
  mutating func replace(_ windows: some Collection<Window>) {
    let complete = Set(names).subtracting(openNames)
    names = windows.map(\.name).sorted()
    openNames = names.filter { !complete.contains($0) }
    troubled = troubled.filter(openNames.holdsSorted)
    users = Self.users(of: windows)
  }

  private static func users(of windows: some Collection<Window>) -> [String: [String]] {
    windows.reduce(into: [:]) { users, window in
      for lock in Set(window.locks) { users[lock, default: []].append(window.name) }
    }
  }

  /// Takes in how `runtime` stands; to be called whenever something about it has changed.
  mutating func note(_ runtime: WindowRuntime, at now: Instant) {
    let name = runtime.window.name
    deadlines.set(runtime.isConfigured ? runtime.nextDeadline(after: now) : nil, for: name)
    if runtime.isConfigured {
      let isOpen = runtime.record.state != .complete
      openNames.setSorted(name, isIn: isOpen)
      troubled.setSorted(name, isIn: isOpen && runtime.isTroubled)
    }
    guard working.contains(name) == runtime.running.isEmpty else { return }
    if runtime.running.isEmpty {
      working.remove(name)
      for lock in runtime.window.locks { holders[lock]?.remove(name) }
    } else {
      working.insert(name)
      for lock in runtime.window.locks { holders[lock, default: []].insert(name) }
    }
  }

  /// The windows whose next deadline has come; each must be noted again.
  mutating func takeDue(at now: Instant) -> [String] { deadlines.take(through: now) }

  /// The next deadline of all.
  var nextDeadline: Instant? { deadlines.first }

  /// Another window that shares a lock with `window` has a date in flight.
  func isLockedOut(_ window: Window) -> Bool {
    window.locks.contains { lock in holders[lock]?.contains { $0 != window.name } ?? false }
  }

  /// What keeps `window` from starting a date: "waits for lock `warehouse`, held by `flights`"; `nil`: no lock does.
  func lockWait(of window: Window) -> String? {
    for lock in window.locks.sorted() {
      guard let holder = holders[lock]?.filter({ $0 != window.name }).min() else { continue }
      return "waits for lock `\(lock)`, held by `\(holder)`"
    }
    return nil
  }

  /// The windows that name one of the locks of `window`.
  func sharers(of window: Window) -> Set<String> {
    window.locks.reduce(into: []) { $0.formUnion(users[$1] ?? []) }
  }

  /// The other windows that name each of the locks of `window`, by name.
  func sharersByLock(of window: Window) -> [String: [String]] {
    Dictionary(
      uniqueKeysWithValues: Set(window.locks).map { lock in
        (lock, (users[lock] ?? []).filter { $0 != window.name }.sorted())
      })
  }

  /// How many windows are not complete.
  var openCount: Int { openNames.count }

  /// How many of those a person must look at.
  var troubledCount: Int { troubled.count }

  /// The first `count` windows that are not complete: those that a person must look at, those at work, the others.
  func open(_ count: Int) -> [String] {
    let first = Array(troubled.prefix(count))
    let atWork = working.filter { openNames.holdsSorted($0) && !troubled.holdsSorted($0) }.sorted()
    let others = openNames.lazy.filter { !working.contains($0) && !troubled.holdsSorted($0) }
    let shown = first + atWork.prefix(count - first.count)
    return shown + others.prefix(count - shown.count)
  }
}

extension [String] {
  /// The first place in this sorted list that is not below `name`.
  fileprivate func firstPlace(of name: String) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < name { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Puts `name` into this sorted list, or takes it out.
  fileprivate mutating func setSorted(_ name: String, isIn: Bool) {
    let place = firstPlace(of: name)
    let isKnown = place < count && self[place] == name
    if isIn, !isKnown { insert(name, at: place) }
    if !isIn, isKnown { remove(at: place) }
  }

  /// This sorted list holds `name`.
  fileprivate func holdsSorted(_ name: String) -> Bool {
    let place = firstPlace(of: name)
    return place < count && self[place] == name
  }
}
