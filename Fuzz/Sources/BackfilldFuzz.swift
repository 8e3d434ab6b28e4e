import CLibFuzzer
import Glibc

/// Gives the inputs of libFuzzer to the target that FUZZ_TARGET names; `make fuzz` starts it.
@main
struct BackfilldFuzz {
  static func main() {
    var count = CommandLine.argc
    var values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(LLVMFuzzerRunDriver(&count, &values, fuzzOneInput))
  }
}

/// The name that libFuzzer's own `main` asks for, which is linked in beside ours. Source: llvm.org/docs/LibFuzzer.html.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  FuzzTarget.chosen.run(Array(UnsafeBufferPointer(start: start, count: size)))
  return 0
}

/// Ends the process with `words` when `holds` is false: libFuzzer then keeps the input as a crash.
func check(_ holds: Bool, _ words: @autoclosure () -> String) {
  guard !holds else { return }
  say("broken promise: \(words())")
  abort()
}

extension String {
  /// Whether a terminal and the journal show it as one line, whatever the input was.
  var isOneLine: Bool {
    !isEmpty && !unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}

/// Writes a line to standard error.
func say(_ words: String) {
  let line = Array("\(words)\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
}

/// The value of a variable of the environment, or the end of the process.
func variable(_ name: String) -> String {
  guard let value = getenv(name) else {
    say("\(name) is not set; start this program with `make fuzz`")
    exit(2)
  }
  return String(cString: value)
}
