/// Which of the known words a wrong one was meant to be.
public enum Suggestion {
  /// The known word nearest to `word`: at most two edits away and fewer than half of its characters; the first of equals.
  public static func nearest(to word: String, among known: [String], within limit: Int = 2) -> String? {
    var best: (word: String, distance: Int)?
    let wanted = Array(word.lowercased().unicodeScalars)
    for candidate in known {
      let letters = Array(candidate.lowercased().unicodeScalars)
      guard abs(letters.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, letters)
      guard distance <= limit, distance * 2 < max(wanted.count, letters.count) else { continue }
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// "did you mean `x`?", or `nil` when nothing is near.
  ///
  /// A word may also be the beginning of one that is known, and of no other: `oldest` for `oldest-first`.
  public static func hint(for word: String, among known: [String]) -> String? {
    (nearest(to: word, among: known) ?? continuation(of: word, among: known)).map { "did you mean `\($0.onOneLine)`?" }
  }

  /// The same, or where nothing is near, all that is known: "there are `x`, `y`".
  public static func hint(for word: String, orOneOf known: [String]) -> String {
    hint(for: word, among: known)
      ?? "there \(known.count == 1 ? "is" : "are") " + known.map { "`\($0.onOneLine)`" }.joined(separator: ", ")
  }

  /// The only known word that begins with `word`, of which three characters must be there.
  private static func continuation(of word: String, among known: [String]) -> String? {
    guard word.count >= 3 else { return nil }
    let longer = known.filter { $0.lowercased().hasPrefix(word.lowercased()) }
    return longer.count == 1 ? longer[0] : nil
  }

  /// Insertions, deletions, replacements and swaps of neighbours that make `left` into `right`.
  ///
  /// Source: Damerau-Levenshtein distance in its optimal string alignment form.
  static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        let same = left[i] == right[j]
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (same ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[right.count]
  }
}
