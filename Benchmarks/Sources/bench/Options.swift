import Foundation

/// The command line.
struct Options {
  static let usage = """
    usage: bench --bin FOLDER [--quick] [--folder FOLDER] [--only NAME,NAME] [--page FILE]
      --bin FOLDER    where the built backfilld and backfillctl are
      --quick         fewer dates and rounds, to try the benchmarks out
      --folder FOLDER all state lies below it (/var/tmp)
      --only NAMES    of rate, memory, start, idle, checks
      --page FILE     write the page there, too; refused for a trial
    """

  let programs: Programs
  var isQuick = false
  var folder = "/var/tmp"
  var figures = Set(Figure.allCases)
  var page: String?

  init(_ arguments: some Sequence<String>) throws {
    var rest = Array(arguments)[...]
    var bin: String?
    while let name = rest.popFirst() {
      switch name {
      case "--bin": bin = try Self.value(of: name, &rest)
      case "--quick": isQuick = true
      case "--folder": folder = try Self.value(of: name, &rest)
      case "--only": figures = try Self.figures(try Self.value(of: name, &rest))
      case "--page": page = try Self.value(of: name, &rest)
      default: throw BenchFailure("unknown argument `\(name)`\n\(Self.usage)")
      }
    }
    guard let bin else { throw BenchFailure("--bin is missing\n\(Self.usage)") }
    programs = try Programs(in: bin)
    guard page == nil || !isTrial else { throw BenchFailure("no page is written: this is a trial (\(trialReason))") }
  }

  /// Whether the figures are not for the page.
  var isTrial: Bool { !trialReason.isEmpty }

  /// Why they are not; empty where they are.
  var trialReason: String {
    var reasons: [String] = []
    if isQuick { reasons.append("--quick") }
    if programs.kind != "release" { reasons.append("a \(programs.kind) build") }
    if figures.count < Figure.allCases.count { reasons.append("--only") }
    return reasons.joined(separator: ", ")
  }

  /// `whole`, or `quick` where `--quick` was given.
  func scale(_ whole: Int, quick: Int) -> Int { isQuick ? quick : whole }

  private static func value(of name: String, _ rest: inout ArraySlice<String>) throws -> String {
    guard let value = rest.popFirst() else { throw BenchFailure("\(name) needs a value\n\(usage)") }
    return value
  }

  private static func figures(_ list: String) throws -> Set<Figure> {
    Set(
      try list.split(separator: ",").map { name in
        guard let figure = Figure(rawValue: String(name)) else {
          throw BenchFailure("there is no figure `\(name)`\n\(usage)")
        }
        return figure
      })
  }
}

/// The programs that are measured.
struct Programs {
  let daemon: String
  let tool: String
  /// The C loop, built beside this program.
  let floor: String
  /// `release` or `debug`, by the name of their folder.
  let kind: String

  init(in folder: String) throws {
    let built = URL(fileURLWithPath: folder).resolvingSymlinksInPath()
    kind = built.lastPathComponent
    daemon = built.appendingPathComponent("backfilld").path
    tool = built.appendingPathComponent("backfillctl").path
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    floor = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("floor").path
    for program in [daemon, tool, floor] where !FileManager.default.isExecutableFile(atPath: program) {
      throw BenchFailure("`\(program)` is not built")
    }
  }
}
