import BackfillCore
import CPosix
import Glibc

/// Everything that is worked out before a process is started, so that the new process only makes system calls.
struct StartPlan {
  let command: [String]
  /// Paths of the program in the order in which they are tried; relative ones are relative to `directory`.
  let programs: [String]
  let environment: [[UInt8]]
  let directory: String
  /// `nil`: the daemon's own.
  let account: Account?
  /// What was searched, for the message; `nil` when the command names a path.
  private let searched: String?

  /// Works `order` out. Reads its environment file.
  init(_ order: ExecutionOrder, account: Account?, reportPath: String) throws(StartFailure) {
    guard let program = order.command.first, !program.isEmpty else { throw .order("the command is empty") }
    var entries = order.inherited.mapValues { Array($0.utf8) }
    if let path = order.environmentFile { entries.merge(try EnvironmentFile.read(path)) { $1 } }
    for (name, value) in order.environment { entries[name] = Array(value.utf8) }
    entries["BACKFILL_REPORT"] = Array(reportPath.utf8)

    command = order.command
    environment = entries.map { name, value in Array(name.utf8) + [UInt8(ascii: "=")] + value }
    directory = order.directory ?? "/"
    self.account = account
    if program.utf8.contains(UInt8(ascii: "/")) {
      searched = nil
      programs = [program]
    } else {
      // The default is the C library's. Source: execvp(3).
      let path = entries["PATH"].map { String(decoding: $0, as: UTF8.self) } ?? "/bin:/usr/bin"
      searched = path
      programs = path.split(separator: ":", omittingEmptySubsequences: false).map { folder in
        folder.isEmpty ? "./\(program)" : "\(folder)/\(program)"
      }
    }
    try refuseNul()
  }

  /// Starts the process; it writes to `output` and `error`, which stay open here.
  func start(output: Int32, error: Int32) throws(StartFailure) -> (pid: pid_t, pidfd: Int32) {
    let programList = CStringList(programs.map { Array($0.utf8) })
    let arguments = CStringList(command.map { Array($0.utf8) })
    let variables = CStringList(environment)
    let groups = account?.groups ?? []
    let start = directory.withCString { directory in
      groups.withUnsafeBufferPointer { groups in
        var order = cposix_order()
        order.programs = programList.pointers
        order.arguments = arguments.pointers
        order.environment = variables.pointers
        order.directory = directory
        order.output = output
        order.error = error
        if let account {
          order.changes_user = true
          order.uid = account.uid
          order.gid = account.gid
          order.groups = groups.baseAddress
          order.group_count = groups.count
        }
        return cposix_start(&order)
      }
    }
    withExtendedLifetime((programList, arguments, variables)) {}
    guard start.error == 0 else { throw failure(start) }
    return (start.pid, start.pidfd)
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

  private func refuseNul() throws(StartFailure) {
    for (index, argument) in command.enumerated() where argument.utf8.contains(0) {
      throw .order("argument \(index) of the command holds a NUL byte")
    }
    for entry in environment where entry.contains(0) {
      let name = String(decoding: entry.prefix { $0 != UInt8(ascii: "=") && $0 != 0 }, as: UTF8.self)
      throw .order("environment variable \(name) holds a NUL byte")
    }
    guard !directory.utf8.contains(0) else { throw .order("the directory holds a NUL byte") }
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
