import ArgumentParser
import BackfillConfig
import BackfillHost
import Glibc

/// `--check-config`: every finding on standard output, one a line, and what would run.
struct ConfigCheck {
  private let options: FolderOptions
  private let environment: [String: String]

  init(_ options: FolderOptions, _ environment: [String: String]) {
    self.options = options
    self.environment = environment
  }

  /// 0 when nothing is wrong, else 1.
  func exitCode() throws -> ExitCode {
    let facts = try HostFacts(
      environment: environment, clock: try SystemClock(),
      stepUser: StepUser.name(isUser: options.isUser, state: options.state, environment: environment))
    let set = ConfigReader(directory: try options.configFolder(environment), machine: facts).read()
    let findings = set.findings
    for finding in findings { print(finding) }
    let windows = set.windows.count == 1 ? "1 window" : "\(set.windows.count) windows"
    print("\(windows) ready, \(set.rejected.count) disabled")
    return findings.isEmpty ? .success : .failure
  }
}
