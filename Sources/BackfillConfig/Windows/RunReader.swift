import BackfillCore

/// Reads `run:`, where and as whom commands run.
struct RunReader {
  static let known = ["user", "directory", "environment", "environment_file"]

  private let keys: MappingReader
  private let directory: String
  private let machine: any MachineFacts

  /// Returns what could be read; `environment_file` is relative to `directory`, that of the file.
  static func read(_ field: Field, directory: String, machine: any MachineFacts) -> RunContext {
    guard let keys = MappingReader(field, keys: known, prefix: "run.") else { return RunContext() }
    let reader = RunReader(keys: keys, directory: directory, machine: machine)
    return RunContext(
      user: reader.user(), directory: reader.workingDirectory(), environment: reader.environment(),
      environmentFile: keys["environment_file"]?.text().map { Path.absolute(Path.join(directory, $0)) })
  }

  private func user() -> String? {
    guard let field = keys["user"], let name = field.text() else { return nil }
    guard machine.userExists(name) else {
      field.report("unknown user \(quoted(name))")
      return nil
    }
    guard machine.isRoot || name == machine.currentUser else {
      field.report(
        "`run.user` is \(quoted(name)), but this is \(quoted(machine.currentUser)) and only root runs steps as another user"
      )
      return nil
    }
    return name
  }

  private func workingDirectory() -> String? {
    guard let field = keys["directory"], let path = field.text() else { return nil }
    guard path.hasPrefix("/") else {
      let hint = path.hasPrefix("~") || path.hasPrefix(".") ? nil : "did you mean \(quoted("/" + path))?"
      return field.refuse("an absolute path", hint: hint)
    }
    return path
  }

  private func environment() -> [String: String] {
    guard let field = keys["environment"] else { return [:] }
    guard case .mapping(let entries) = field.node.content else {
      field.report("\(field.label) must be a mapping of names to texts, found \(field.node.found)")
      return [:]
    }
    var variables: [String: String] = [:]
    for entry in entries {
      if entry.key.isEmpty || entry.key.contains("=") || entry.key.contains("\0") {
        keys.findings.add("\(quoted(entry.key)) cannot name an environment variable", at: entry.keyPosition)
      } else if entry.key.hasPrefix("BACKFILL_") {
        keys.findings.add("\(quoted(entry.key)) is set by backfilld itself", at: entry.keyPosition)
      } else if case .scalar(let text, _) = entry.value.content, !text.contains("\0") {
        variables[entry.key] = entry.value.isNothing ? "" : text
      } else {
        keys.findings.add(
          "`run.environment.\(entry.key)` must be a text, found \(entry.value.found)", at: entry.value.position)
      }
    }
    return variables
  }
}

extension RunContext {
  /// This context as `user`, where it names none.
  func running(as user: String?) -> RunContext {
    RunContext(
      user: self.user ?? user, directory: directory, environment: environment, environmentFile: environmentFile)
  }

  /// This context with what `base`, the pipeline's, says where this one says nothing.
  func over(_ base: RunContext) -> RunContext {
    RunContext(
      user: user ?? base.user, directory: directory ?? base.directory,
      environment: base.environment.merging(environment) { _, own in own },
      environmentFile: environmentFile ?? base.environmentFile)
  }
}
