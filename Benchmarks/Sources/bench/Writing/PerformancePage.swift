/// The whole page of the measured performance.
enum PerformancePage {
  static func text(options: Options, facts: [[String]], sections: [Section]) -> String {
    var parts = [
      "# Performance",
      """
      Measured by `make bench`, all in one run on one machine, the things that are compared in turn with each other. The page
      is written by that run: to repeat it, run `make bench` as root or with sudo on a machine that does nothing else. It
      builds the release, installs `parallel`, `sqlite3` and `libsqlite3-dev` where they are missing, takes many
      minutes, and writes this page anew. `make bench-quick` prints a small version of it and writes nothing.
      """,
      "Each figure is the median of its rounds; beside it `min - max (rounds)`.",
    ]
    if options.isTrial {
      parts.insert("**A trial** (\(options.trialReason)): its figures say nothing about the release.", at: 1)
    }
    parts.append("## The machine\n\n" + Section.table(head: ["what", "value"], rows: facts))
    return (parts + sections.map(\.markdown)).joined(separator: "\n\n") + "\n"
  }
}
