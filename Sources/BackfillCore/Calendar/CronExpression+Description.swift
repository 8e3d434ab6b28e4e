extension CronExpression: CustomStringConvertible {
  /// Five fields in canonical form, numbers only: `0 1 * * 1-5`.
  public var description: String {
    zip(CronFieldKind.allCases, [minutes, hours, daysOfMonth, months, daysOfWeek])
      .map { kind, field in field.text(as: kind) }
      .joined(separator: " ")
  }
}

extension CronField {
  /// The shortest regular way to write this field: `*/STEP` first where it starts with a star, one range with a step where
  /// that says all, else ranges and single values in ascending order.
  fileprivate func text(as kind: CronFieldKind) -> String {
    guard startsWithStar else { return Self.list(values, as: kind) }
    let upper = kind.bounds.upperBound + 1
    let step = (1...upper).first { kind.values(everyStep: $0) & ~values == 0 } ?? upper
    let star = step == 1 ? "*" : "*/\(step)"
    let rest = values & ~kind.values(everyStep: step)
    return rest == 0 ? star : "\(star),\(Self.list(rest, as: kind))"
  }

  private static func list(_ values: UInt64, as kind: CronFieldKind) -> String {
    let numbers = (0..<64).filter { values >> UInt64($0) & 1 == 1 }
    if numbers.count > 2, let first = numbers.first, let last = numbers.last {
      let step = numbers[1] - first
      if step > 1, zip(numbers, numbers.dropFirst()).allSatisfy({ $1 - $0 == step }) {
        return "\(first)-\(last)/\(step)"
      }
    }
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound == number - 1 {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.map { run in
      switch run.count {
      case 1: "\(run.lowerBound)"
      case 2: "\(run.lowerBound),\(run.upperBound)"
      default: "\(run.lowerBound)-\(run.upperBound)"
      }
    }.joined(separator: ",")
  }
}
