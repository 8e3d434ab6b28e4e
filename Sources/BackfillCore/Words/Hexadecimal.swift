/// Numbers as texts of a fixed length: small hexadecimal digits, zeros in front.
public enum Hexadecimal {
  /// The 16 digits of `number`.
  public static func text(_ number: UInt64) -> String {
    String(unsafeUninitializedCapacity: 16) { buffer in
      write(number, to: buffer, at: 0)
      return 16
    }
  }

  /// 128 random bits: 32 digits that nobody guesses, and that are not made twice.
  public static func random() -> String {
    var generator = SystemRandomNumberGenerator()
    let halves = (generator.next() as UInt64, generator.next() as UInt64)
    return String(unsafeUninitializedCapacity: 32) { buffer in
      write(halves.0, to: buffer, at: 0)
      write(halves.1, to: buffer, at: 16)
      return 32
    }
  }

  private static func write(_ number: UInt64, to buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
    for place in 0..<16 {
      let digit = UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * place)) & 15
      buffer[start + place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
  }
}
