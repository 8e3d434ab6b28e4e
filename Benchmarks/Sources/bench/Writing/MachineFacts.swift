import Foundation
import Glibc

/// What the figures depend on besides the code.
enum MachineFacts {
  /// Rows of two cells.
  ///
  /// `workspace` is where the state of everything that is measured lies.
  static func rows(options: Options, workspace: Workspace) throws -> [[String]] {
    let programs = options.programs
    return [
      ["measured", Date.now.formatted(.iso8601)],
      ["CPU", try field("model name", of: "/proc/cpuinfo") ?? "unknown"],
      ["cores", String(sysconf(Int32(_SC_NPROCESSORS_ONLN)))],
      ["memory", memory],
      ["load before", try text("/proc/loadavg").split(separator: " ").prefix(3).joined(separator: " ")],
      ["kernel", try text("/proc/sys/kernel/osrelease")],
      ["system", try field("PRETTY_NAME", of: "/etc/os-release", separator: "=") ?? "unknown"],
      ["file system of all state", try fileSystem(of: workspace.path)],
      ["backfilld", try "\(firstLine([programs.daemon, "--version"])), \(programs.kind) build"],
      ["SQLite of the floor and the loop", try firstLine(["sqlite3", "--version"]).prefix { $0 != " " }.description],
      ["parallel", try firstLine(["parallel", "--version"])],
      ["bash", try firstLine(["bash", "--version"])],
    ]
  }

  private static var memory: String {
    let bytes = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
    return Sample.text(bytes / 1_073_741_824, decimals: 1) + " GiB"
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func field(_ name: String, of path: String, separator: Character = ":") throws -> String? {
    let line = try text(path).split(separator: "\n").first { $0.hasPrefix(name) }
    return line?.split(separator: separator, maxSplits: 1).last
      .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " \t\"")) }
  }

  private static func firstLine(_ command: [String]) throws -> String {
    let output = try ChildProcess.output(of: command)
    return String(output.split(separator: "\n").first ?? "unknown")
  }

  /// `ext4 on /dev/vda (rw,relatime)`: the mount with the longest path above `path`.
  private static func fileSystem(of path: String) throws -> String {
    let mounts = try text("/proc/self/mounts").split(separator: "\n").map { $0.split(separator: " ") }
    let above = mounts.filter { $0.count > 3 && ($0[1] == "/" || (path + "/").hasPrefix($0[1] + "/")) }
    guard let mount = above.max(by: { $0[1].count < $1[1].count }) else { return "unknown" }
    return "\(mount[2]) on \(mount[0]) (\(mount[3]))"
  }
}
