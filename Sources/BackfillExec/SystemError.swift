import BackfillCore
import CPosix
import Glibc

/// A number that a system call left in `errno`.
struct SystemError: Error, Equatable, Sendable {
  let number: Int32

  init(_ number: Int32) {
    self.number = number
  }

  /// What `errno` holds now.
  static var last: SystemError { SystemError(errno) }

  /// As strerror(3) says it in the C locale: `No such file or directory`.
  var words: String {
    guard let text = cposix_error_text(number) else { return "error \(number)" }
    return String(cString: text)
  }

  /// The machine, not the step, is out of something: descriptors, processes, memory, room on a disk.
  var isShortage: Bool {
    [EMFILE, ENFILE, EAGAIN, ENOMEM, ENOSPC, EDQUOT, EROFS, EIO].contains(number)
  }
}

/// Why a step's process does not exist.
enum StartFailure: Error, Equatable, Sendable {
  /// The order cannot be carried out; the sentence goes into `Ending.notStarted`.
  case order(String)
  /// The daemon cannot start processes.
  case daemon(ExecutorFailure)
}
