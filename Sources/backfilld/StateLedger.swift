import BackfillCore
import BackfillEngine
import BackfillHost
import BackfillStore
import Synchronization

/// The ledger of the state directory: opened at the start, and again and again as long as it cannot be had.
final class StateLedger: Sendable {
  private struct State {
    /// What the first attempt brought, until it is asked for.
    var first: LedgerPlace.Opening?
    var store: LedgerStore?
  }

  private let directory: String
  private let allowNew: Bool
  private let upgraded: @Sendable (LedgerUpgrade) -> Void
  private let state: Mutex<State>

  /// Tries to open it once. Throws what must end a start; anything else is waited for.
  ///
  /// `upgraded` is called when an older ledger was brought to this version's tables.
  init(
    directory: String, allowNew: Bool, upgraded: @escaping @Sendable (LedgerUpgrade) -> Void
  ) throws(StartFailure) {
    self.directory = directory
    self.upgraded = upgraded
    self.allowNew = allowNew
    do {
      let store = try LedgerStore.open(directory: directory, allowNew: allowNew)
      state = Mutex(State(first: .opened(store), store: store))
      store.upgrade.map(upgraded)
    } catch {
      guard error.isWaitedFor else { throw StartFailure(message: error.message) }
      state = Mutex(State(first: .waiting(error.message)))
    }
  }

  /// What the attempt at the start brought, then what a further one does.
  func open() async -> LedgerPlace.Opening {
    let first = state.withLock { state in
      defer { state.first = nil }
      return state.first
    }
    if let first { return first }
    return await Blocking.run { self.openAgain() }
  }

  /// Closes what is open, as another attempt is to be made; that it cannot be closed well is what the next attempt finds.
  func giveUp() {
    state.withLock { state in
      state.store?.abandon()
      state.store = nil
    }
  }

  /// Closes it for good.
  func close() throws(LedgerFailure) {
    let store = state.withLock { state in
      defer { state.store = nil }
      return state.store
    }
    try store?.close()
  }

  private func openAgain() -> LedgerPlace.Opening {
    do {
      let store = try LedgerStore.open(directory: directory, allowNew: allowNew)
      state.withLock { $0.store = store }
      store.upgrade.map(upgraded)
      return .opened(store)
    } catch .vanished(let path, let marker) {
      // It was there when this daemon came: a person is about to put a backup in its place.
      return .waiting(LedgerOpenFailure.vanished(path: path, marker: marker).message)
    } catch {
      return error.isWaitedFor ? .waiting(error.message) : .refused(error.message)
    }
  }
}
