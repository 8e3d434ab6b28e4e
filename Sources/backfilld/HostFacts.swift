import BackfillConfig
import BackfillCore
import BackfillHost

/// What the configuration is checked against, read from this machine.
struct HostFacts: MachineFacts {
  private let zones: ZoneFiles
  private let clock: any Clock
  let localZone: Zone
  let currentUser: String
  let stepUser: String?

  init(environment: [String: String], clock: any Clock, stepUser: String?) throws(StartFailure) {
    self.stepUser = stepUser
    zones = ZoneFiles(environment: environment)
    self.clock = clock
    do {
      localZone = try zones.localZone(environment: environment)
      currentUser = try UserAccount.current().name
    } catch {
      throw StartFailure(message: "\(error)")
    }
  }

  var now: Instant? { clock.now() }

  var isRoot: Bool { Machine.isRoot }

  func userExists(_ name: String) -> Bool {
    do {
      return try UserAccount.named(name) != nil
    } catch {
      return false  // A user that cannot be looked up cannot run a step either.
    }
  }

  func zone(named name: String) -> Zone? {
    do {
      return try zones.zone(named: name)
    } catch {
      return nil  // The finding says that there is no such zone, and which names are near.
    }
  }

  var zoneNames: [String] {
    do {
      return try zones.names()
    } catch {
      return []  // Without the list there is no suggestion; the finding itself stays.
    }
  }
}
