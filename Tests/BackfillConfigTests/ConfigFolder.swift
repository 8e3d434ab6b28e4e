import BackfillConfig
import BackfillCore
import Foundation

/// A configuration directory of its own for one test; removed with it.
final class ConfigFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "backfilld-config-" + UUID().uuidString
    for name in ["windows.d", "pipelines.d"] {
      try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
    }
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      print("\(path) is left behind: \(error)")
    }
  }

  func write(_ text: String, to name: String) throws {
    try write(Data(text.utf8), to: name)
  }

  func write(_ data: Data, to name: String) throws {
    try data.write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  func read(machine: FakeMachine = FakeMachine()) -> ConfigSet {
    ConfigReader(directory: path, machine: machine).read()
  }

  /// The findings as a person sees them, with the directory left out.
  func texts(_ findings: [ConfigFinding]) -> [String] {
    findings.map { $0.description.replacing("\(path)/", with: "") }
  }

  /// What is wrong with the one window that was rejected; "windows.d/a.yaml:" is shortened to "a:".
  func rejections(machine: FakeMachine = FakeMachine()) -> [String] {
    texts(read(machine: machine).rejected.flatMap(\.findings)).map { $0.replacing("windows.d/a.yaml:", with: "a:") }
  }
}

/// A machine with the users `nba` and `root` and a few of the real zones.
struct FakeMachine: MachineFacts {
  var isRoot = true
  var currentUser = "root"
  var now: Instant?
  var stepUser: String?
  let zoneNames = ["America/New_York", "Europe/Berlin", "UTC"]
  let localZone = Zone.utc

  func userExists(_ name: String) -> Bool {
    ["nba", "root"].contains(name)
  }

  func zone(named name: String) -> Zone? {
    guard zoneNames.contains(name), let bytes = FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)")
    else {
      return nil
    }
    do {
      return try Zone(name: name, tzif: Array(bytes))
    } catch {
      return nil
    }
  }
}

/// The findings of a window file with this text.
func findings(_ text: String, machine: FakeMachine = FakeMachine()) throws -> [String] {
  let folder = try ConfigFolder()
  try folder.write(text, to: "windows.d/a.yaml")
  return folder.rejections(machine: machine)
}

/// The window of a file with this text.
func window(_ text: String) throws -> Window? {
  let folder = try ConfigFolder()
  try folder.write(text, to: "windows.d/a.yaml")
  let set = folder.read()
  for finding in folder.texts(set.rejected.flatMap(\.findings)) { print(finding) }
  return set.windows.first
}

/// A good window's dates, on one line.
let goodDates = "dates: {from: 2021-10-19, to: 2021-10-25}\n"
/// A good window's steps, on one line.
let goodSteps = "steps: {load: {command: [bin/load]}}\n"
