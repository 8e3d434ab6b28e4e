import ArgumentParser
import BackfillConfig
import BackfillHost
import Glibc

/// `--check-config`: every finding on standard output, one a line, and what would run.
struct ConfigCheck {
  private let folders: DaemonFolders

  init(_ folders: DaemonFolders) {
    self.folders = folders
  }

  /// 0 when nothing is wrong, else 1.
  func exitCode() throws -> ExitCode {
    let facts = try HostFacts(environment: ProcessEnvironment.ofThisProcess(), clock: try SystemClock())
    let set = ConfigReader(directory: folders.config, machine: facts).read()
    let findings = set.settingsFindings + set.pipelineFindings + set.rejected.flatMap(\.findings)
    for finding in findings { print(finding) }
    let windows = set.windows.count == 1 ? "1 window" : "\(set.windows.count) windows"
    print("\(windows) ready, \(set.rejected.count) disabled")
    return findings.isEmpty ? .success : .failure
  }
}
