/// What `backup --json` prints.
public struct BackupView: Sendable, Equatable, Codable {
  /// The path, as the daemon sees it.
  public let file: String
  public let bytes: Int64

  public init(file: String, bytes: Int64) {
    self.file = file
    self.bytes = bytes
  }
}
