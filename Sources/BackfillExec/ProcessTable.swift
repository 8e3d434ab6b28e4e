import CPosix
import Glibc

/// What /proc tells about processes. Source: proc(5).
enum ProcessTable {
  /// The ids of all processes that can be seen.
  static func all() -> Result<[pid_t], SystemError> {
    guard let folder = opendir("/proc") else { return .failure(.last) }
    defer { closedir(folder) }
    var found: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let pid = pid_t(name) { found.append(pid) }
    }
    return .success(found)
  }

  /// The children of this process's main thread: with what it adopted, everything that was not started a moment ago.
  ///
  /// Orphans come to the first living thread, which is the main one, and a thread that ends leaves its children to it.
  ///
  /// The file stays open, because it is read at the end of each process, and nearly always it is empty.
  static func childrenOfMainThread() -> [pid_t] {
    guard case .success(let file) = childrenFile else { return [] }
    let start = [UInt8](unsafeUninitializedCapacity: 1024) { buffer, count in
      count = max(0, pread(file, buffer.baseAddress, 1024, 0))
    }
    guard start.count == 1024 else { return processes(in: start) }
    guard case .success(let text) = FileReading.bytes(at: childrenPath, limit: 1 << 20) else { return [] }
    return processes(in: text)
  }

  private static let childrenPath = "/proc/\(getpid())/task/\(getpid())/children"
  private static let childrenFile = FileReading.open(childrenPath)

  private static func processes(in text: [UInt8]) -> [pid_t] {
    text.split(separator: UInt8(ascii: " ")).compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
  }

  /// What can be said about a variable of a process's environment.
  enum Variable: Equatable {
    case value(String)
    /// It has none of that name, or what it has may not be read.
    case absent
    /// The process is in the middle of execve(2), where it has no environment for a moment: ask again.
    case notYet
  }

  /// Looks for `name` in the environment that `pid` was started with.
  static func variable(_ name: String, of pid: pid_t) -> Variable {
    guard case .success(let bytes) = FileReading.bytes(at: "/proc/\(pid)/environ", limit: 8 << 20) else {
      return .absent
    }
    if bytes.isEmpty { return isInExec(pid) ? .notYet : .absent }
    let prefix = Array("\(name)=".utf8)
    for entry in bytes.split(separator: 0) where entry.starts(with: prefix) {
      return .value(String(decoding: entry.dropFirst(prefix.count), as: UTF8.self))
    }
    return .absent
  }

  /// Memory, but neither environment nor arguments: kernel threads and zombies have no memory.
  private static func isInExec(_ pid: pid_t) -> Bool {
    guard case .success(let arguments) = FileReading.bytes(at: "/proc/\(pid)/cmdline", limit: 16), arguments.isEmpty,
      case .success(let memory) = FileReading.bytes(at: "/proc/\(pid)/statm", limit: 256)
    else { return false }
    return memory.first != UInt8(ascii: "0")
  }

  /// Whether there is a process `pid` that has not ended; a zombie has.
  static func isAlive(_ pid: pid_t) -> Bool {
    guard case .success(let text) = FileReading.bytes(at: "/proc/\(pid)/stat", limit: 4096),
      let end = text.lastIndex(of: UInt8(ascii: ")")), end + 2 < text.count
    else { return false }
    return text[end + 2] != UInt8(ascii: "Z") && text[end + 2] != UInt8(ascii: "X")
  }

  /// The process groups of session `session`, each once.
  static func groups(inSession session: pid_t) -> Set<pid_t> {
    // Without /proc the leader's own group is all that is known.
    guard case .success(let pids) = all() else { return [session] }
    return Set(pids.lazy.filter { getsid($0) == session }.map { getpgid($0) }.filter { $0 > 1 })
  }
}
