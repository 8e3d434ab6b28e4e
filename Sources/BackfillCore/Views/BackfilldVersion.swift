/// The version that daemon and tool say they are.
public enum BackfilldVersion {
  /// `MAJOR.MINOR.PATCH`. Source: semver.org, 2.0.0.
  public static let current = "0.1.0"
}
