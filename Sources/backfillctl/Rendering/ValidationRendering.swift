import BackfillCore

/// What `validate` prints for a person: each change with its sentence, then the sum.
enum ValidationRendering {
  static func lines(_ view: ValidationView, in surroundings: Surroundings) -> [String] {
    let style = surroundings.style
    var lines: [String] = []
    for change in view.changes {
      let becomes = change.becomes == change.state ? "" : ", \(change.state.rawValue) -> \(change.becomes.rawValue)"
      let place = Text.printable("\(change.date) \(change.step)")
      let verdicts = "\(change.was.rawValue) -> \(style.paint(change.verdict.rawValue, .of(change.verdict)))"
      lines.append("\(style.paint(place, .bold))  \(verdicts)\(becomes)")
      lines += Text.wrapped(change.sentence, width: surroundings.width, indent: "  ")
    }
    if !lines.isEmpty { lines.append("") }
    return lines + sum(view).flatMap { Text.wrapped($0, width: surroundings.width) }
  }

  private static func sum(_ view: ValidationView) -> [String] {
    let judged = "\(Text.count(view.judged, "report")) of \(view.window) judged again"
    let counts = view.counts.map { "\($0.steps) \($0.was.rawValue) -> \($0.verdict.rawValue)" }
    var lines = [judged + ": " + (counts.isEmpty ? "no verdict changes" : counts.joined(separator: ", "))]
    if !view.busy.isEmpty { lines.append("\(Text.count(view.busy.count, "date")) left out: being worked on") }
    if let message = view.message {
      lines.append(message)
      return lines
    }
    if view.figures > 0 { lines.append("\(NewFigures.spoken(view.figures)), with other bands, odds or limits") }
    if !view.changes.isEmpty || view.figures > 0 {
      lines.append("nothing was written; --apply writes it")
    }
    return lines
  }
}
