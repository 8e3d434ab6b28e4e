import BackfillCore

/// What the loop must know of all windows at each message, kept so that no message walks over every one of them.
struct WindowIndex {
  /// In alphabetical order.
  private(set) var names: [String]
  /// Those with a date in flight.
  private(set) var working: Set<String> = []

  private var users: [String: [String]]
  private var holders: [String: Set<String>] = [:]
  private var complete: Set<String> = []
  private var deadlines: [String: Instant] = [:]

  init(_ windows: some Collection<Window>) {
    names = windows.map(\.name).sorted()
    users = Self.users(of: windows)
  }

  /// Takes in that `windows` are now those that are configured. A window of which a date is in flight must be the same as
  /// before, or must be gone.
  mutating func replace(_ windows: some Collection<Window>) {
    names = windows.map(\.name).sorted()
    users = Self.users(of: windows)
    complete.formIntersection(names)
  }

  private static func users(of windows: some Collection<Window>) -> [String: [String]] {
    windows.reduce(into: [:]) { users, window in
      for lock in Set(window.locks) { users[lock, default: []].append(window.name) }
    }
  }

  /// Takes in how `runtime` stands; to be called whenever something about it has changed.
  mutating func note(_ runtime: WindowRuntime, at now: Instant) {
    let name = runtime.window.name
    deadlines[name] = runtime.isConfigured ? runtime.nextDeadline(after: now) : nil
    if runtime.record.state == .complete, runtime.isConfigured { complete.insert(name) } else { complete.remove(name) }
    guard working.contains(name) == runtime.running.isEmpty else { return }
    if runtime.running.isEmpty {
      working.remove(name)
      for lock in runtime.window.locks { holders[lock]?.remove(name) }
    } else {
      working.insert(name)
      for lock in runtime.window.locks { holders[lock, default: []].insert(name) }
    }
  }

  /// The windows whose next deadline has come.
  func due(at now: Instant) -> [String] {
    deadlines.lazy.filter { $0.value <= now }.map(\.key)
  }

  /// The next deadline of all after `now`.
  func nextDeadline(after now: Instant) -> Instant? {
    deadlines.values.lazy.filter { $0 > now }.min()
  }

  /// Another window that shares a lock with `window` has a date in flight.
  func isLockedOut(_ window: Window) -> Bool {
    window.locks.contains { lock in holders[lock]?.contains { $0 != window.name } ?? false }
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
  var openCount: Int { names.count - complete.count }

  /// The first `count` windows that are not complete, those at work before the others.
  func open(_ count: Int) -> [String] {
    let atWork = working.subtracting(complete).sorted().prefix(count)
    let others = names.lazy.filter { !working.contains($0) && !complete.contains($0) }
    return Array(atWork) + others.prefix(count - atWork.count)
  }
}
