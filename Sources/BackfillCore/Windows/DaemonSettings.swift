/// What `backfilld.yaml` says: the settings of the daemon itself.
public struct DaemonSettings: Sendable, Equatable {
  /// Steps that may run at the same time over all windows, at least 1.
  public let maxProcesses: Int
  /// How long running steps may go on after a stop was asked for, before SIGTERM.
  public let stopGrace: Duration

  public init(maxProcesses: Int = 4, stopGrace: Duration = .seconds(60)) {
    self.maxProcesses = maxProcesses
    self.stopGrace = stopGrace
  }
}
