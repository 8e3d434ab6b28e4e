/// A list of C strings, as execve(2) wants it, which is put together in one piece of memory.
struct CStringList: Sendable {
  private var bytes: [UInt8] = []
  private var starts: [Int] = []

  init() {
    bytes.reserveCapacity(1024)
    starts.reserveCapacity(32)
  }

  /// Appends `text`; returns `false` when it holds a NUL byte, where the C string would end.
  mutating func append(_ text: String) -> Bool {
    starts.append(bytes.count)
    return add(text.utf8)
  }

  /// Appends `NAME=VALUE`; returns `false` when it holds a NUL byte.
  mutating func append(_ name: String, _ value: some Collection<UInt8>) -> Bool {
    starts.append(bytes.count)
    bytes.append(contentsOf: name.utf8)
    bytes.append(UInt8(ascii: "="))
    return add(value)
  }

  /// Calls `body` with the pointers to the strings, and a null pointer after them, all of which live as long as the call.
  func withPointers<Result>(_ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result) -> Result {
    bytes.withUnsafeBytes { bytes in
      var list = starts.map { start in
        // Nobody writes there, whatever the type says: execve(2) is older than `const`.
        bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0 + start).assumingMemoryBound(to: CChar.self) }
      }
      list.append(nil)
      return body(list)
    }
  }

  /// Ends the last string with `rest`.
  private mutating func add(_ rest: some Collection<UInt8>) -> Bool {
    bytes.append(contentsOf: rest)
    let isWhole = !bytes[starts[starts.count - 1]...].contains(0)
    bytes.append(0)
    return isWhole
  }
}
