import Glibc

/// A system call that failed.
public struct SystemFailure: Error, Equatable, Sendable {
  /// What was tried: `cannot open /etc/localtime`.
  public let attempt: String
  /// The errno. Source: errno(3).
  public let code: Int32

  public init(_ attempt: String, code: Int32) {
    self.attempt = attempt
    self.code = code
  }
}

extension SystemFailure: CustomStringConvertible {
  /// `cannot open /etc/localtime: No such file or directory`.
  public var description: String {
    "\(attempt): \(Self.words(for: code))"
  }

  private static func words(for code: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard let start = buffer.baseAddress, strerror_r(code, start, buffer.count) == 0 else { return "errno \(code)" }
      return String(cString: start)
    }
  }
}
