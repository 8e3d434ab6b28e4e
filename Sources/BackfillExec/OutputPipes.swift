import BackfillCore
import CPosix
import Glibc

/// Two pipes for the output of a process, closed on exec; reading does not block, writing does.
struct OutputPipes {
  let standard: Pipe
  let error: Pipe

  struct Pipe {
    let read: Int32
    let write: Int32
  }

  init() throws(StartFailure) {
    standard = try Self.pipe()
    do throws(StartFailure) {
      error = try Self.pipe()
    } catch {
      close(standard.read)
      close(standard.write)
      throw error
    }
  }

  func closeReadEnds() {
    close(standard.read)
    close(error.read)
  }

  func closeWriteEnds() {
    close(standard.write)
    close(error.write)
  }

  private static func pipe() throws(StartFailure) -> Pipe {
    var ends: [Int32] = [-1, -1]
    guard cposix_pipe(&ends) == 0 else {
      throw .daemon(ExecutorFailure("cannot make a pipe for output: \(SystemError.last.words)"))
    }
    return Pipe(read: ends[0], write: ends[1])
  }
}
