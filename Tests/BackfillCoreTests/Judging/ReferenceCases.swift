import BackfillCore
import Foundation
import Testing

/// The reference values beside the tests, computed with scipy.
struct ReferenceCases: Decodable {
  let cases: [DateCase]
  let sequences: [Sequence]
  let combined: [Combined]
  let incompleteBeta: [BetaValue]

  struct DateCase: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let n: Int
    let k: Int
    let lo: Double
    let hi: Double
    let rho: Double
    let alphaWarn: Double
    let alphaAnomaly: Double
    let pHi: Double
    let pLo: Double
    let p: Double
    let verdict: Verdict
    let below: Severity
    var testDescription: String { id }
  }

  struct Sequence: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let evidence: [Double]
    let anomalyEvidence: [Double]
    let firstWarnIndex: Int?
    let firstAnomalyIndex: Int?
    var testDescription: String { id }
  }

  struct Combined: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let verdict: Verdict
    let reasons: [Finding.Reason]
    var testDescription: String { id }
  }

  struct BetaValue: Decodable, Sendable {
    let a: Double
    let b: Double
    let x: Double
    let value: Double
  }

  /// The file, read once.
  static let all: ReferenceCases = {
    do {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(ReferenceCases.self, from: data)
    } catch {
      preconditionFailure("\(file.path): \(error)")
    }
  }()

  /// The objects of one list of the file as lines that `judge` would be given, by `id`.
  static func lines(of list: String) -> [String: Data] {
    do {
      let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      let cases = object?[list] as? [[String: Any]] ?? []
      return try cases.reduce(into: [:]) { lines, one in
        lines[one["id"] as? String ?? ""] = try JSONSerialization.data(withJSONObject: one)
      }
    } catch {
      preconditionFailure("\(file.path): \(error)")
    }
  }

  private static let file = URL(filePath: #filePath).appending(path: "../../../Cases/verdict_public.json").standardized

  private static let data: Data = {
    do {
      return try Data(contentsOf: file)
    } catch {
      preconditionFailure("\(file.path): \(error)")
    }
  }()
}

/// Whether two values agree to a relative 1e-6, as the cases ask.
func agree(_ value: Double, _ reference: Double) -> Bool {
  abs(value - reference) <= max(1e-300, abs(reference) * 1e-6)
}

/// Decodes one line and answers it as the command does.
func answer(to line: String) throws -> String {
  let read = try JSONDecoder().decode(JudgeCase.self, from: Data(line.utf8))
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  return String(decoding: try encoder.encode(Judge.answer(read)), as: UTF8.self)
}
