import Foundation
import Testing

/// Why the tests of this module cannot run here.
///
/// `make test-boot` prepares all that they need. `BACKFILLD_BOOT_TESTS=required` in the environment makes an obstacle a
/// failure of each test.
enum Obstacle {
  /// The root of the repository.
  static let root = #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 }

  /// The package under test.
  static let package = ProcessInfo.processInfo.environment["BACKFILLD_DEB"] ?? ""

  /// A sentence, or `nil` where they can run.
  static let sentence: String? = {
    let check = Process()
    check.executableURL = URL(fileURLWithPath: root + "/scripts/container")
    check.arguments = ["check"]
    let errors = Pipe()
    check.standardError = errors
    do {
      try check.run()
      let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
      check.waitUntilExit()
      guard check.terminationStatus == 0 else { return text.split(separator: "\n").joined(separator: " ") }
    } catch {
      return "scripts/container cannot be run: \(error)"
    }
    guard FileManager.default.fileExists(atPath: package) else {
      return "No package in BACKFILLD_DEB; `make test-boot` builds it."
    }
    return nil
  }()

  static let isSkipped =
    sentence != nil && ProcessInfo.processInfo.environment["BACKFILLD_BOOT_TESTS"] != "required"
}

/// What is true of backfilld on a machine with a real systemd. A suite boots one, lets a story happen, and looks at it.
@Suite(.enabled(if: !Obstacle.isSkipped, Comment(rawValue: Obstacle.sentence ?? "")), .timeLimit(.minutes(10)))
struct Booted {}
