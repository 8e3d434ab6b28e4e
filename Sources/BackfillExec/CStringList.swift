/// A list of C strings that ends with a null pointer, as execve(2) wants it, alive as long as this object.
final class CStringList {
  private let storage: UnsafeMutablePointer<CChar>
  private let list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  /// The list; no string may hold a NUL byte.
  var pointers: UnsafePointer<UnsafeMutablePointer<CChar>?> { UnsafePointer(list) }

  init(_ strings: [[UInt8]]) {
    let size = strings.reduce(0) { $0 + $1.count + 1 }
    storage = .allocate(capacity: max(size, 1))
    list = .allocate(capacity: strings.count + 1)
    var offset = 0
    for (index, string) in strings.enumerated() {
      list[index] = storage + offset
      for byte in string {
        storage[offset] = CChar(bitPattern: byte)
        offset += 1
      }
      storage[offset] = 0
      offset += 1
    }
    list[strings.count] = nil
  }

  deinit {
    storage.deallocate()
    list.deallocate()
  }
}
