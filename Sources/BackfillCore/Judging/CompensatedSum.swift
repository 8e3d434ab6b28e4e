/// A sum of many numbers that keeps what each addition rounds away.
///
/// Two million logarithms added plainly are off in the eleventh digit, and the probability with that logarithm in the fourth.
///
/// Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", 1974.
struct CompensatedSum {
  private var sum = 0.0
  private var lost = 0.0

  var value: Double { sum + lost }

  static func += (total: inout CompensatedSum, number: Double) {
    let sum = total.sum + number
    total.lost += abs(total.sum) >= abs(number) ? (total.sum - sum) + number : (number - sum) + total.sum
    total.sum = sum
  }
}
