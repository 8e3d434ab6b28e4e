import BackfillCore
import Glibc
import Synchronization

/// The faults of a release build: none.
public struct NoFaults: Faults {
  public init() {}

  public func reached(_ point: FaultPoint) {}
}

/// Makes the faults that `BACKFILLD_FAULT` asks for in a debug build; a release build does not look at it.
///
/// - Throws: In a debug build, when the value is not `POINT:COUNT`.
public func faults(from environment: [String: String]) throws(FaultSettingError) -> any Faults {
  #if DEBUG
    if let setting = environment["BACKFILLD_FAULT"], !setting.isEmpty { return try DebugFaults(setting: setting) }
  #endif
  return NoFaults()
}

/// `BACKFILLD_FAULT` names no fault.
public struct FaultSettingError: Error, Equatable, Sendable, CustomStringConvertible {
  public let setting: String

  public var description: String {
    let points = FaultPoint.allCases.map(\.rawValue).joined(separator: ", ")
    return "BACKFILLD_FAULT=\(setting) is not POINT:COUNT with a count of at least 1; the points are \(points)"
  }
}

#if DEBUG
  /// Kills this process when a fault point is reached for the n-th time, as a power cut would: no handler runs.
  public final class DebugFaults: Faults {
    public let point: FaultPoint
    /// The passage that is the last, 1 or more.
    public let count: Int
    private let passages = Mutex(0)

    /// Reads `POINT:COUNT`, as in `claimed:3`.
    public init(setting: String) throws(FaultSettingError) {
      let parts = setting.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, let point = FaultPoint(rawValue: String(parts[0])), let count = Int(parts[1]), count >= 1
      else { throw FaultSettingError(setting: setting) }
      self.point = point
      self.count = count
    }

    public func reached(_ point: FaultPoint) {
      guard point == self.point else { return }
      let passage = passages.withLock { passages in
        passages += 1
        return passages
      }
      guard passage == count else { return }
      kill(getpid(), SIGKILL)
      while true { pause() }
    }
  }
#endif
