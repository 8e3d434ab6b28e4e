import BackfillCore

/// Reads `steps:` and checks that they form a graph that can be run.
struct StepsReader {
  /// More steps than this are taken for a slip of the pen; it also bounds how deep the search for cycles goes.
  private static let limit = 1000

  private let steps: [ReadStep]
  /// Every name in the file, also of steps that could not be read.
  private let names: [String]
  private let findings: FindingList

  /// Returns the steps that could be read, in the order of the file.
  static func read(_ field: Field, since: CivilDate) -> [ReadStep] {
    guard case .mapping(let entries) = field.node.content else {
      return field.refuse("a mapping of step names to steps") ?? []
    }
    guard !entries.isEmpty else {
      field.report("`steps` has no step")
      return []
    }
    guard entries.count <= limit else {
      field.report("`steps` has \(entries.count) steps, at most \(limit) are read")
      return []
    }
    let steps = entries.compactMap { StepReader.read($0, since: since, findings: field.findings) }
    let reader = StepsReader(steps: steps, names: entries.map(\.key), findings: field.findings)
    reader.checkNames()
    reader.checkCycles()
    return steps
  }

  private func checkNames() {
    for step in steps {
      for (name, field) in step.after + step.lookbacks where !names.contains(name) {
        field.report("`after` names an unknown step \(quoted(name))", hint: hint(for: name))
      }
      for (name, field) in step.after where name == step.step.name {
        field.report("step \(quoted(name)) comes after itself")
      }
    }
  }

  /// `a, b` is one name to YAML.
  private func hint(for name: String) -> String? {
    let parts = name.split(separator: ",").map { $0.split(separator: " ").joined(separator: " ") }
    guard parts.count > 1, parts.allSatisfy(names.contains) else { return Suggestion.hint(for: name, among: names) }
    return "a list is written `[\(parts.joined(separator: ", "))]`"
  }

  /// Reports each cycle once, at the step of it that comes first in the file.
  private func checkCycles() {
    var finished: Set<String> = []
    for step in steps { follow(step, path: [], finished: &finished) }
  }

  private func follow(_ step: ReadStep, path: [ReadStep], finished: inout Set<String>) {
    guard !finished.contains(step.step.name) else { return }
    let path = path + [step]
    for (name, _) in step.after where name != step.step.name {
      if let start = path.firstIndex(where: { $0.step.name == name }) {
        report(Array(path[start...]))
      } else if let next = steps.first(where: { $0.step.name == name }) {
        follow(next, path: path, finished: &finished)
      }
    }
    finished.insert(step.step.name)
  }

  private func report(_ cycle: [ReadStep]) {
    guard let first = cycle.indices.min(by: { cycle[$0].position < cycle[$1].position }) else { return }
    let turned = Array(cycle[first...] + cycle[..<first])
    let next = turned[1 % turned.count].step.name
    let field = turned[0].after.first { $0.name == next }?.field
    let names = (turned + [turned[0]]).map { quoted($0.step.name) }.joined(separator: " -> ")
    findings.add("steps wait for each other in a cycle: \(names)", at: field?.position ?? turned[0].position)
  }
}
