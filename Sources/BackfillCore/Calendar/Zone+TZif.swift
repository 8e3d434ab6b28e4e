extension Zone {
  /// Makes the zone from the bytes of a TZif file, versions 1 to 4 (later ones are read as 4).
  ///
  /// Nothing in the bytes is trusted: every count is checked against what is there. A zone of `right/`, which counts leap
  /// seconds, is refused, as instants here are POSIX time. Source: RFC 9636 (RFC 8536).
  public init(name: String, tzif bytes: [UInt8]) throws(ZoneFormatError) {
    var reader = TZifReader(bytes: bytes)
    var header = try reader.header()
    let hasFooter = header.version >= UInt8(ascii: "2")
    if hasFooter {
      try reader.skip(header.size(timeSize: 4))
      header = try reader.header()
    }
    let block = try reader.block(header, timeSize: hasFooter ? 8 : 4)
    self.init(
      name: name, initial: block.initial, transitions: block.transitions, types: block.types,
      rule: hasFooter ? try reader.footer() : nil)
  }
}

private struct TZifHeader {
  let version: UInt8
  let isUTCount: Int
  let isStandardCount: Int
  let leapCount: Int
  let timeCount: Int
  let typeCount: Int
  let characterCount: Int

  /// Bytes of the block that follows. The counts have 32 bits, so that nothing here can overflow.
  func size(timeSize: Int) -> Int {
    timeCount * (timeSize + 1) + typeCount * 6 + characterCount + leapCount * (timeSize + 4) + isStandardCount
      + isUTCount
  }
}

private struct TZifBlock {
  let initial: ZoneType
  let transitions: [Int64]
  let types: [ZoneType]
}

private struct TZifReader {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func header() throws(ZoneFormatError) -> TZifHeader {
    let magic: [UInt8] = Array("TZif".utf8)
    guard bytes.count - position >= 44, bytes[position..<position + 4].elementsEqual(magic) else {
      throw ZoneFormatError(position == 0 ? "not a TZif file" : "cut short: the second header is missing")
    }
    let version = bytes[position + 4]
    guard version == 0 || version >= UInt8(ascii: "2") else {
      throw ZoneFormatError("TZif version byte \(version) is not known")
    }
    position += 20
    return TZifHeader(
      version: version, isUTCount: try count(), isStandardCount: try count(), leapCount: try count(),
      timeCount: try count(), typeCount: try count(), characterCount: try count())
  }

  mutating func block(_ header: TZifHeader, timeSize: Int) throws(ZoneFormatError) -> TZifBlock {
    guard header.size(timeSize: timeSize) <= bytes.count - position else {
      throw ZoneFormatError("cut short: \(bytes.count) bytes do not hold what the header announces")
    }
    guard header.leapCount == 0 else {
      throw ZoneFormatError("counts leap seconds, which POSIX time does not; take the zone without `right/`")
    }
    guard (1...256).contains(header.typeCount), header.characterCount >= 1 else {
      throw ZoneFormatError("the header announces no offsets, or too many")
    }
    var transitions: [Int64] = []
    transitions.reserveCapacity(header.timeCount)
    for _ in 0..<header.timeCount {
      let time = try integer(size: timeSize)
      if let last = transitions.last, last >= time { throw ZoneFormatError("the transitions are not in order") }
      guard time.magnitude <= 1 << 60 else { throw ZoneFormatError("a transition is out of bounds") }
      transitions.append(time)
    }
    let indices = bytes[position..<position + header.timeCount].map { Int($0) }
    position += header.timeCount
    let known = try offsets(header)
    try skip(header.isStandardCount + header.isUTCount)
    var types: [ZoneType] = []
    types.reserveCapacity(indices.count)
    for index in indices {
      guard index < known.count else { throw ZoneFormatError("a transition leads to an offset that is not there") }
      types.append(known[index])
    }
    // RFC 9636, section 3.2: type 0 holds before the first transition.
    return TZifBlock(initial: known[0], transitions: transitions, types: types)
  }

  /// The line between two line feeds after the second block; `nil` when it is empty.
  mutating func footer() throws(ZoneFormatError) -> PosixZoneRule? {
    let rest = bytes[position...]
    let lineFeed = UInt8(ascii: "\n")
    guard rest.first == lineFeed, let end = rest.dropFirst().firstIndex(of: lineFeed) else {
      throw ZoneFormatError("cut short: the footer is missing")
    }
    let text = rest[(position + 1)..<end]
    return text.isEmpty ? nil : try PosixZoneRule(footer: text)
  }

  mutating func skip(_ count: Int) throws(ZoneFormatError) {
    guard count <= bytes.count - position else { throw ZoneFormatError("cut short: \(bytes.count) bytes") }
    position += count
  }

  /// The table of offsets and the names after it; the caller has checked the sizes.
  private mutating func offsets(_ header: TZifHeader) throws(ZoneFormatError) -> [ZoneType] {
    let names = bytes[(position + header.typeCount * 6)...].prefix(header.characterCount)
    var found: [ZoneType] = []
    for _ in 0..<header.typeCount {
      let offset = Int(try integer(size: 4))
      let isDaylight = bytes[position]
      let name = names.dropFirst(Int(bytes[position + 1]))
      position += 2
      guard ZoneType.offsets.contains(offset), isDaylight <= 1 else {
        throw ZoneFormatError("an offset of \(offset) seconds is out of bounds")
      }
      guard let end = name.firstIndex(of: 0), name[..<end].allSatisfy({ (33...126).contains($0) }) else {
        throw ZoneFormatError("the name of an offset is not readable")
      }
      let abbreviation = String(decoding: name[..<end], as: UTF8.self)
      found.append(ZoneType(offset: offset, isDaylight: isDaylight == 1, abbreviation: abbreviation))
    }
    position += header.characterCount
    return found
  }

  private mutating func count() throws(ZoneFormatError) -> Int {
    Int(UInt32(truncatingIfNeeded: try integer(size: 4)))
  }

  /// A big-endian two's complement number of 4 or 8 bytes.
  private mutating func integer(size: Int) throws(ZoneFormatError) -> Int64 {
    guard size <= bytes.count - position else { throw ZoneFormatError("cut short: \(bytes.count) bytes") }
    var value: UInt64 = 0
    for byte in bytes[position..<position + size] {
      value = value << 8 | UInt64(byte)
    }
    position += size
    return size == 8 ? Int64(bitPattern: value) : Int64(Int32(truncatingIfNeeded: value))
  }
}
