extension JudgeIdentity: Encodable {
  private enum CodingKeys: String, CodingKey {
    case id
  }

  /// Reads the `id` of an object: text, a whole number, or none. Throws for any other, and when `decoder` holds no object.
  init(in decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard container.contains(.id), try !container.decodeNil(forKey: .id) else {
      self = .none
      return
    }
    do {
      self = .text(
        try Unreadable.said(at: [CodingKeys.id]) { try container.decode(String.self, forKey: .id) })
    } catch DecodingError.typeMismatch {
      do {
        self = .number(try container.decode(WholeNumber.self, forKey: .id).value)
      } catch DecodingError.typeMismatch {
        throw JudgeFault("`id` is neither text nor a whole number")
      }
    }
  }

  /// As it came; `null` when there was none.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .none: try container.encodeNil()
    }
  }
}
