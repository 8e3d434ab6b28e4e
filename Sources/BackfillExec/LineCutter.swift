import Glibc

/// Cuts a stream of bytes into lines, whatever the bytes are.
struct LineCutter {
  /// Longer lines are handed out in pieces of this size: 48 KiB. An entry of the journal's own stream ends there too.
  static let limit = 48 * 1024

  private var pending: [UInt8] = []

  /// Takes the next bytes; `emit` gets each line or piece, without its line feed, and whether the line goes on after it.
  mutating func feed(_ bytes: [UInt8], emit: (_ line: [UInt8], _ goesOn: Bool) -> Void) {
    bytes.withUnsafeBufferPointer { buffer in
      var rest = buffer[...]
      while let end = Self.lineFeed(in: rest) {
        collect(rest[..<end], emit: emit)
        emit(pending, false)
        pending.removeAll(keepingCapacity: true)
        rest = rest[(end + 1)...]
      }
      collect(rest, emit: emit)
    }
  }

  /// The stream has ended: hands out a last line that has no line feed.
  mutating func finish(emit: (_ line: [UInt8], _ goesOn: Bool) -> Void) {
    if !pending.isEmpty { emit(pending, false) }
    pending = []
  }

  private mutating func collect(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>, emit: (_ line: [UInt8], _ goesOn: Bool) -> Void
  ) {
    var rest = bytes
    // Cut only when more follows: what stays is never empty, so a cut line needs no empty last piece.
    while pending.count + rest.count > Self.limit {
      let room = Self.limit - pending.count
      append(rest.prefix(room))
      emit(pending, true)
      pending.removeAll(keepingCapacity: true)
      rest = rest.dropFirst(room)
    }
    append(rest)
  }

  private mutating func append(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
    pending.append(contentsOf: UnsafeBufferPointer(rebasing: bytes))
  }

  /// The index of the first line feed. memchr(3) is several times as fast as a loop, which counts at 200 MB.
  private static func lineFeed(in bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    let part = UnsafeBufferPointer(rebasing: bytes)
    guard let start = part.baseAddress, let found = memchr(start, 10, part.count) else { return nil }
    return bytes.startIndex + (UnsafeRawPointer(found) - UnsafeRawPointer(start))
  }
}
