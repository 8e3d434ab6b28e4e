import BackfillCore
import CPosix
import Glibc

/// Everything that is worked out before a process is started, so that the new process only makes system calls.
struct StartPlan {
  /// Paths of the program in the order in which they are tried; relative ones are relative to `directory`.
  private let programs: [String]
  private let command: [String]
  private let directory: String
  /// `nil`: the daemon's own.
  private let account: Account?
  /// What was searched, for the message; `nil` when the command names a path.
  private let searched: String?
  private var programList = CStringList()
  private var arguments = CStringList()
  private var variables = CStringList()

  /// Works `order` out. Reads its environment file.
  init(_ order: ExecutionOrder, account: Account?, reportPath: String) throws(StartFailure) {
    guard let program = order.command.first, !program.isEmpty else { throw .order("the command is empty") }
    command = order.command
    directory = order.directory ?? "/"
    self.account = account
    guard !directory.utf8.contains(0) else { throw .order("the directory holds a NUL byte") }
    for (index, argument) in command.enumerated() where !arguments.append(argument) {
      throw .order("argument \(index) of the command holds a NUL byte")
    }
    let file: [String: [UInt8]] =
      if let path = order.environmentFile { try EnvironmentFile.read(path) } else { [:] }
    let path = try Self.fill(&variables, from: order, file, reportPath: reportPath)
    if program.utf8.contains(UInt8(ascii: "/")) {
      searched = nil
      programs = [program]
    } else {
      // The default is the C library's. Source: execvp(3).
      let path = path ?? "/bin:/usr/bin"
      searched = path
      programs = path.split(separator: ":", omittingEmptySubsequences: false).map { folder in
        folder.isEmpty ? "./\(program)" : "\(folder)/\(program)"
      }
    }
    // Neither `PATH` nor argument 0 holds a NUL byte, or it would have been refused above.
    for program in programs { _ = programList.append(program) }
  }

  /// Fills `variables` with the environment of the process; returns its `PATH`.
  private static func fill(
    _ variables: inout CStringList, from order: ExecutionOrder, _ file: [String: [UInt8]], reportPath: String
  ) throws(StartFailure) -> String? {
    func add(_ name: String, _ value: some Collection<UInt8>) throws(StartFailure) {
      guard !variables.append(name, value) else { return }
      throw .order("environment variable \(name.prefix { $0 != "\0" }) holds a NUL byte")
    }
    let report = "BACKFILL_REPORT"
    let configured = order.environment
    try add(report, reportPath.utf8)
    for (name, value) in configured where name != report { try add(name, value.utf8) }
    for (name, value) in file where name != report && configured[name] == nil { try add(name, value) }
    for (name, value) in order.inherited where name != report && configured[name] == nil && file[name] == nil {
      try add(name, value.utf8)
    }
    return configured["PATH"] ?? file["PATH"].map { String(decoding: $0, as: UTF8.self) }
      ?? order.inherited["PATH"]
  }

  /// Starts the process; it writes to `output` and `error`, which stay open here.
  func start(output: Int32, error: Int32) throws(StartFailure) -> (pid: pid_t, pidfd: Int32) {
    let start = directory.withCString { directory in
      programList.withPointers { programs in
        arguments.withPointers { arguments in
          variables.withPointers { variables in
            launch(
              cposix_order(
                programs: programs, arguments: arguments, environment: variables, directory: directory, output: output,
                error: error, changes_user: false, uid: 0, gid: 0, groups: nil, group_count: 0))
          }
        }
      }
    }
    guard start.error == 0 else { throw failure(start) }
    return (start.pid, start.pidfd)
  }

  private func launch(_ order: cposix_order) -> cposix_start {
    var order = order
    guard let account else { return cposix_start(&order) }
    return account.groups.withUnsafeBufferPointer { groups in
      order.changes_user = true
      order.uid = account.uid
      order.gid = account.gid
      order.groups = groups.baseAddress
      order.group_count = groups.count
      return cposix_start(&order)
    }
  }

  /// The account that `user` stands for; `nil` when nothing needs to change for it.
  static func account(_ user: String?) throws(StartFailure) -> Account? {
    guard let user else { return nil }
    let found: Account?
    do {
      found = try Account.named(user)
    } catch {
      if error.isShortage { throw .daemon(ExecutorFailure("cannot look user \(user) up: \(error.words)")) }
      throw .order("cannot look user \(user) up: \(error.words)")
    }
    guard let found else { throw .order("user unknown: \(user)") }
    if geteuid() == 0 { return found }
    guard found.uid == geteuid() else { throw .order("cannot run as user \(user): the daemon does not run as root") }
    return nil
  }

  private func failure(_ start: cposix_start) -> StartFailure {
    let problem = SystemError(start.error)
    switch UInt32(start.stage) {
    case CPOSIX_STAGE_USER.rawValue:
      return problem.isShortage
        ? .daemon(ExecutorFailure("cannot become another user: \(problem.words)"))
        : .order("cannot become another user: \(problem.words)")
    case CPOSIX_STAGE_DIRECTORY.rawValue:
      return problem.number == ENOENT
        ? .order("directory does not exist: \(directory)")
        : .order("cannot enter directory \(directory): \(problem.words)")
    case CPOSIX_STAGE_PROGRAM.rawValue:
      return programFailure(problem, at: Int(start.program))
    default:
      return .daemon(ExecutorFailure("cannot start a process: \(problem.words)"))
    }
  }

  private func programFailure(_ problem: SystemError, at index: Int) -> StartFailure {
    let path = programs.indices.contains(index) ? programs[index] : command[0]
    switch problem.number {
    case ENOENT:
      if let present = programs.first(where: { isThere($0) }) {
        return .order("cannot execute \(present): its interpreter does not exist")
      }
      guard let searched else { return .order("command not found: \(command[0])") }
      return .order("command not found: \(command[0]) (searched PATH=\(searched))")
    case EACCES:
      return .order("not executable: \(path): \(problem.words)")
    case EAGAIN where account != nil:
      // Not the machine is short of processes, but the user. Source: execve(2), "Errors".
      return .order("cannot execute \(path): its user runs as many processes as it may (RLIMIT_NPROC)")
    case ENOEXEC:
      return .order("cannot execute \(path): not a program, and no script that begins with #!")
    case EMFILE, ENFILE, ENOMEM, EAGAIN:
      return .daemon(ExecutorFailure("cannot execute \(path): \(problem.words)"))
    default:
      return .order("cannot execute \(path): \(problem.words)")
    }
  }

  private func isThere(_ program: String) -> Bool {
    let path = program.hasPrefix("/") ? program : "\(directory)/\(program)"
    return access(path, F_OK) == 0
  }
}
