import ArgumentParser
import BackfillConfig
import BackfillCore
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
    let folder = try options.configFolder(environment)
    // Whoever has a folder of his own looked at, and names no ledger, does not mean the machine's.
    let isOwn = !options.isUser && options.state == nil && folder != DaemonFolders.machine.config
    let set = try read(folder, state: isOwn ? folder : options.state)
    let findings = set.findings
    for finding in findings { print(finding) }
    if isOwn { try tellMachines(folder, beside: set) }
    print("\(Self.count(set.windows.count)) ready, \(set.rejected.count) disabled")
    return findings.isEmpty ? .success : .failure
  }

  /// What the folder says to a daemon with its ledger in `state`; `nil`: in the machine's folder.
  private func read(_ folder: String, state: String?) throws -> ConfigSet {
    let facts = try HostFacts(
      environment: environment, clock: try SystemClock(),
      stepUser: StepUser.name(isUser: options.isUser, state: state, environment: environment))
    return ConfigReader(directory: folder, machine: facts).read()
  }

  /// Says what would be otherwise in the machine's daemon, which a daemon without --state-dir is.
  private func tellMachines(_ folder: String, beside set: ConfigSet) throws {
    let more = try read(folder, state: nil).rejected.count - set.rejected.count
    guard more > 0 else { return }
    print(
      "note: this is for a daemon with a --state-dir of its own, which runs commands as root; without one it is the "
        + "machine's, and \(Self.count(more)) more would be disabled: without `run.user` commands run as `"
        + "\(ServiceAccount.user)` there, and there is no such user")
  }

  private static func count(_ windows: Int) -> String { windows == 1 ? "1 window" : "\(windows) windows" }
}
