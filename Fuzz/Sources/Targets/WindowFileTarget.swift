import BackfillCore

@testable import BackfillConfig

/// A file of `windows.d`; the same text is also read as a pipeline and as `backfilld.yaml`.
enum WindowFileTarget {
  private struct Machine: MachineFacts {
    let isRoot = true
    let currentUser = "root"
    let localZone = Zone.utc
    var zoneNames: [String] { Zones.all.map(\.name) }

    func userExists(_ name: String) -> Bool { name == "root" || name == "nobody" }
    func zone(named name: String) -> Zone? { Zones.all.first { $0.name == name } }
  }

  private static let machine = Machine()
  private static let window = InputFolder.folder("windows.d") + "/w.yaml"
  private static let pipeline = InputFolder.folder("pipelines.d") + "/p.yaml"
  private static let settings = InputFolder.path + "/backfilld.yaml"
  private static let reader = PipelineReader(directory: InputFolder.folder("pipelines.d"), machine: machine)

  static func run(_ input: [UInt8]) {
    let files = [window, pipeline, settings]
    for file in files { InputFolder.write(input, to: file) }
    for file in files { ConfigReader.check(file: file, machine: machine).examine(in: input) }
    let (read, findings) = WindowReader.read(window, pipelines: reader)
    check((read == nil) == !findings.isEmpty, "a file has a window or findings, one of them")
    guard let read else { return }
    check(!read.steps.isEmpty, "a window has steps")
    check(WindowReader.read(window, pipelines: reader).window == read, "two readings of one file differ")
  }
}
