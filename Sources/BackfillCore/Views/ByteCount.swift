/// Sizes as a person reads them.
public enum ByteCount {
  /// `bytes` in the largest binary unit of which it is at least one, with one digit after the point above bytes: `23.4 MiB`.
  public static func text(_ bytes: Int64) -> String {
    var value = Double(bytes)
    for unit in ["bytes", "KiB", "MiB", "GiB"] {
      guard value >= 1024 else { return unit == "bytes" ? "\(bytes) bytes" : "\(tenths(value)) \(unit)" }
      value /= 1024
    }
    return "\(tenths(value)) TiB"
  }

  private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
