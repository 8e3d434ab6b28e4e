import Foundation
import Glibc

/// `bench`: measures the built programs and writes the page of the figures.
@main
enum Bench {
  static func main() {
    do {
      let options = try Options(CommandLine.arguments.dropFirst())
      try run(options)
    } catch {
      FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ options: Options) throws {
    let workspace = try Workspace(above: options.folder)
    Progress.say("the state lies in \(workspace.path), and stays there after a failure")
    let facts = try MachineFacts.rows(options: options, workspace: workspace)
    var sections: [Section] = []
    for figure in Figure.allCases where options.figures.contains(figure) {
      Progress.say("\(figure.rawValue) ...")
      sections += [try figure.measure(options, workspace)]
    }
    try workspace.remove()
    let page = PerformancePage.text(options: options, facts: facts, sections: sections)
    print(page, terminator: "")
    guard let path = options.page else { return }
    try Data(page.utf8).write(to: URL(fileURLWithPath: path))
    Progress.say("written to \(path)")
  }
}

/// What is measured, in the order of the page.
enum Figure: String, CaseIterable {
  case rate, memory, start, idle, checks

  func measure(_ options: Options, _ workspace: Workspace) throws -> Section {
    switch self {
    case .rate: try RateFigure(options: options, workspace: workspace).section()
    case .memory: try MemoryFigure(options: options, workspace: workspace).section()
    case .start: try StartFigure(options: options, workspace: workspace).section()
    case .idle: try IdleFigure(options: options, workspace: workspace).section()
    case .checks: try CheckFigure(options: options, workspace: workspace).section()
    }
  }
}

/// What a person reads while it goes on: standard error.
enum Progress {
  static func say(_ text: String) {
    FileHandle.standardError.write(Data("bench: \(text)\n".utf8))
  }
}

/// Why there is no figure.
struct BenchFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }

  /// With the text of the error number `code`.
  init(_ what: String, code: Int32) {
    description = "\(what): \(String(cString: strerror(code)))"
  }
}
