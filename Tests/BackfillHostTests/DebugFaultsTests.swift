import BackfillCore
import Foundation
import Testing

@testable import BackfillHost

#if DEBUG
  struct DebugFaultsTests {
    @Test func `a point and a count are read`() throws {
      let faults = try DebugFaults(setting: "before-commit:3")
      #expect(faults.point == .beforeCommit)
      #expect(faults.count == 3)
    }

    @Test(arguments: ["claimed", "claimed:", "claimed:0", "claimed:-1", "claimed:x", "clamed:1", "claimed:1:1", ":1"])
    func `anything else is refused`(setting: String) {
      #expect(throws: FaultSettingError(setting: setting)) { try DebugFaults(setting: setting) }
    }

    @Test func `the refusal names the points`() {
      #expect(
        FaultSettingError(setting: "x").description == """
          BACKFILLD_FAULT=x is not POINT:COUNT with a count of at least 1; the points are activation-opened, \
          before-claim, claimed, process-ended, judged, before-commit, committed, before-date-end, date-ended, \
          event-handed-over, before-recovery, recovered
          """)
    }

    @Test(arguments: [[:], ["BACKFILLD_FAULT": ""]])
    func `without a setting there are no faults`(environment: [String: String]) throws {
      #expect(try faults(from: environment) is NoFaults)
    }

    @Test func `the process is killed at the second passage`() async {
      await #expect(processExitsWith: .signal(SIGKILL)) {
        let faults = try faults(from: ["BACKFILLD_FAULT": "claimed:2"])
        faults.reached(.claimed)
        faults.reached(.claimed)
      }
    }

    @Test func `the process lives through the first passage and other points`() async {
      await #expect(processExitsWith: .exitCode(7)) {
        let faults = try faults(from: ["BACKFILLD_FAULT": "claimed:2"])
        faults.reached(.claimed)
        faults.reached(.judged)
        exit(7)
      }
    }
  }
#endif
