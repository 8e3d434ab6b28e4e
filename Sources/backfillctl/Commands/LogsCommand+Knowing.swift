import BackfillControl
import BackfillCore

extension LogsCommand {
  /// What a window's entries name as their step though it is none: the preflight, and the command of its calendar.
  private static let otherSteps = ["preflight", "calendar"]

  /// Throws `notFound` where the daemon answers and knows no such window, date or step: their journal would be empty.
  ///
  /// A window that is off, for errors in its file or because it has none any more, has a journal. Whose journal a folder is
  /// that is named, the daemon cannot know.
  func checkKnown() async throws(CommandFailure) {
    guard directory == nil, let view = try await view() else { return }
    var steps: [String] = []
    for step in view.dates.flatMap(\.steps) where !steps.contains(step.step) { steps.append(step.step) }
    guard let step, !steps.isEmpty, !(steps + Self.otherSteps).contains(step) else { return }
    throw CommandFailure(
      .notFound, "`\(window)` has no step `\(step)`; \(Suggestion.hint(for: step, orOneOf: steps))")
  }

  /// The window; `nil` where the daemon cannot be asked, or the window is not one that it runs.
  private func view() async throws(CommandFailure) -> WindowView? {
    do {
      return try await client.show(window, date: date)
    } catch .refused(let refusal) where refusal.kind == .noSuchDate {
      throw CommandFailure(.refused(refusal))
    } catch .refused(let refusal) where refusal.kind == .noSuchWindow {
      if await isOff() { return nil }
      throw CommandFailure(.refused(refusal))
    } catch {
      return nil  // The journal is there without the daemon.
    }
  }

  private func isOff() async -> Bool {
    do {
      let status = try await client.status()
      return status.rejected.contains { $0.window == window } || status.unconfigured.contains { $0.window == window }
    } catch {
      return false  // It has just said that there is no such window.
    }
  }

  private var client: ControlClient { daemon.client(timeout: .seconds(10)) }
}
