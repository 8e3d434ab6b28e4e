import Foundation
import Glibc
import Synchronization

/// A small Debian with a real systemd. Its file system is its own and outlives its boots. See `scripts/container`.
final class Container: Sendable {
  private struct Power: Sendable {
    /// `scripts/container boot`.
    let process: Process
    /// Its standard input: closing it is the power cut.
    let cord: Pipe
    /// The process id of process 1, as seen from here.
    var leader: Int32
  }

  private let folder: String
  private let power = Mutex<Power?>(nil)

  /// Boots it, with nothing installed.
  init(_ name: String) async throws {
    if let obstacle = Obstacle.sentence { throw Unexpected(obstacle) }
    let cache = ProcessInfo.processInfo.environment["BACKFILLD_TEST_CACHE"] ?? "/var/cache/backfilld-tests"
    folder = "\(cache)/\(name)-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try await boot()
  }

  deinit {
    do {
      try unplug()
      try FileManager.default.removeItem(atPath: folder)
    } catch {
      print("left behind: \(folder): \(error)")
    }
  }

  /// Switches it on; returns when systemd says that the boot is complete.
  func boot() async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Obstacle.root + "/scripts/container")
    process.arguments = ["boot", folder]
    let cord = Pipe()
    process.standardInput = cord
    try Data().write(to: URL(fileURLWithPath: folder + "/console"))
    let console = try FileHandle(forWritingTo: URL(fileURLWithPath: folder + "/console"))
    process.standardOutput = console
    process.standardError = console
    try process.run()
    // The script has its own: only this end must be closed to cut. No other program may get it.
    try cord.fileHandleForReading.close()
    _ = fcntl(cord.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
    power.withLock { $0 = Power(process: process, cord: cord, leader: 0) }
    try await completeBoot()
  }

  /// Reboots it as a person does; returns when systemd says that the boot is complete.
  func reboot() async throws {
    // Whether the tool hears the answer before it is stopped is left open.
    _ = try await sh("systemctl reboot")
    try await completeBoot()
  }

  /// Kills every process in it at once.
  func cutPower() throws {
    try unplug()
  }

  /// Runs `script` in it, as root, by `sh -u`.
  func sh(_ script: String, as user: String? = nil) async throws -> Outcome {
    let leader = power.withLock { $0?.leader ?? 0 }
    guard leader > 0 else { throw Unexpected("the container is off: \(script)") }
    let become = user.map { ["/sbin/runuser", "--user", $0, "--"] } ?? []
    return try await run(
      "/usr/bin/nsenter",
      ["--all", "--target", "\(leader)", "--", "/usr/bin/env", "--ignore-environment", "--chdir=/"]
        + ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "SYSTEMD_PAGER=", "TZ=UTC"]
        + become + ["/bin/sh", "-uc", script])
  }

  /// Runs `script` in it, which must succeed; returns its output.
  @discardableResult
  func must(_ script: String, as user: String? = nil) async throws -> String {
    let outcome = try await sh(script, as: user)
    guard outcome.status == 0 else {
      throw Unexpected("`\(script)` ended with \(outcome.status): \(outcome.output)\(outcome.errors)")
    }
    return outcome.output
  }

  /// Where the file that the container calls `path` is, seen from here.
  func place(_ path: String) throws -> String {
    guard let leader = power.withLock({ $0?.leader }), leader > 0 else { throw Unexpected("the container is off") }
    return "/proc/\(leader)/root\(path)"
  }

  /// Waits for a process 1 that was not there before, and for the end of its boot.
  private func completeBoot() async throws {
    let old = power.withLock { $0?.leader ?? 0 }
    let leader = try await eventually("the container starts; its console: \(console)") {
      try self.findLeader(after: old)
    }
    power.withLock { $0?.leader = leader }
    _ = try await eventually("the boot is complete; the console: \(console)") {
      let state = try await self.sh("systemctl is-system-running --wait").output
      return ["running\n", "degraded\n"].contains(state) ? state : nil
    }
  }

  private func findLeader(after old: Int32) throws -> Int32? {
    if power.withLock({ $0?.process.isRunning }) == false {
      throw Unexpected("the container does not start: \(console)")
    }
    guard let nspawn = contents(folder + "/nspawn")?.split(separator: "\n").first,
      let children = contents("/proc/\(nspawn)/task/\(nspawn)/children")
    else { return nil }
    return children.split(separator: " ").compactMap { Int32($0) }.first { child in
      child != old && contents("/proc/\(child)/comm") == "systemd\n"
        && contents("/proc/\(child)/status")?.contains(/\nNSpid:\t[0-9]+\t1\n/) == true
    }
  }

  private var console: String { contents(folder + "/console") ?? "" }

  private func contents(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  private func unplug() throws {
    guard
      let power = power.withLock({ power in
        defer { power = nil }
        return power
      })
    else { return }
    try power.cord.fileHandleForWriting.close()
    power.process.waitUntilExit()
  }
}
