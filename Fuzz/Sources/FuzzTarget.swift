import Glibc

/// What one process fuzzes: a reader of text that comes from outside.
///
/// One program holds them all, so that it is linked once; FUZZ_TARGET names the one that runs.
enum FuzzTarget: String, CaseIterable {
  case windows, reports, cron, oncalendar, dates, control

  /// The target of this process.
  static let chosen: FuzzTarget = {
    let name = variable("FUZZ_TARGET")
    guard let target = FuzzTarget(rawValue: name) else {
      say("no fuzz target `\(name)`; there are \(allCases.map(\.rawValue).joined(separator: ", "))")
      exit(2)
    }
    return target
  }()

  /// Reads `input` as this target does and checks what must hold whatever it is.
  func run(_ input: [UInt8]) {
    switch self {
    case .windows: WindowFileTarget.run(input)
    case .reports: ReportTarget.run(input)
    case .cron: CalendarTarget.cron(input)
    case .oncalendar: CalendarTarget.onCalendar(input)
    case .dates: DateFileTarget.run(input)
    case .control: ControlTarget.run(input)
    }
  }
}
