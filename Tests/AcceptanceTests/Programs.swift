import Foundation

/// The path of a program that was built beside these tests.
func program(_ name: String) throws -> String {
  let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name).path
}

/// Runs the program at `path` in a bare environment and waits for its end.
func finished(
  _ path: String, _ arguments: [String], environment: [String: String] = [:]
) async throws -> (status: Int32, output: String, errors: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  process.environment = ["PATH": "/usr/bin:/bin", "TZ": "UTC"].merging(environment) { $1 }
  process.standardInput = FileHandle.nullDevice
  let (output, errors) = (Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = errors
  try process.run()
  // Short texts: neither pipe fills up while the other is read.
  let texts = try [output, errors].map { try $0.fileHandleForReading.readToEnd() ?? Data() }
  process.waitUntilExit()
  return (
    process.terminationStatus, String(decoding: texts[0], as: UTF8.self), String(decoding: texts[1], as: UTF8.self)
  )
}
