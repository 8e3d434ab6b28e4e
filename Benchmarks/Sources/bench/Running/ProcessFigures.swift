import Foundation

/// What the kernel counts of a process. Source: proc(5).
struct ProcessFigures {
  let pid: Int32

  /// Its memory now, in MiB.
  var residentMebibytes: Double { get throws { try mebibytes("VmRSS") } }
  /// The most that it ever had, in MiB.
  var peakMebibytes: Double { get throws { try mebibytes("VmHWM") } }

  /// What its threads have used until now, by their ids.
  func threads() throws -> [String: ThreadUse] {
    let ids = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
    return try Dictionary(uniqueKeysWithValues: ids.map { ($0, try use(of: "task/\($0)")) })
  }

  private func use(of task: String) throws -> ThreadUse {
    let nanoseconds = try text(task + "/schedstat").split(separator: " ").first.flatMap { Double($0) }
    guard let nanoseconds else { throw unreadable("schedstat") }
    let waits = try value("voluntary_ctxt_switches", of: task + "/status")
    return ThreadUse(processorSeconds: nanoseconds / 1e9, waits: waits)
  }

  private func mebibytes(_ name: String) throws -> Double {
    try value(name, of: "status") / 1024
  }

  /// The number in the line `NAME:  NUMBER ...`.
  private func value(_ name: String, of file: String) throws -> Double {
    let line = try text(file).split(separator: "\n").first { $0.hasPrefix(name + ":") }
    let words = line?.split { $0 == " " || $0 == "\t" } ?? []
    guard words.count > 1, let number = Double(words[1]) else { throw unreadable(name) }
    return number
  }

  private func text(_ file: String) throws -> String {
    try String(contentsOfFile: "/proc/\(pid)/\(file)", encoding: .utf8)
  }

  private func unreadable(_ what: String) -> BenchFailure {
    BenchFailure("/proc/\(pid) has no \(what)")
  }
}

/// What a thread has used.
struct ThreadUse {
  let processorSeconds: Double
  /// How often it gave the processor away to wait for something: each is a wake-up later.
  let waits: Double

  /// What the threads of `after` have used since `before`; threads that ended meanwhile are not in it.
  static func between(_ before: [String: ThreadUse], _ after: [String: ThreadUse]) -> [ThreadUse] {
    after.map { id, use in
      guard let earlier = before[id] else { return use }
      return ThreadUse(
        processorSeconds: use.processorSeconds - earlier.processorSeconds, waits: use.waits - earlier.waits)
    }
  }
}
