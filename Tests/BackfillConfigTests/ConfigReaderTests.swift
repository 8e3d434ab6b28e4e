import BackfillConfig
import BackfillCore
import Foundation
import Testing

@Suite struct `A configuration directory` {
  @Test func `that is empty has defaults and no windows`() throws {
    let folder = try ConfigFolder()
    #expect(folder.read() == ConfigSet())
  }

  @Test func `that does not exist has defaults and no windows, and says so`() {
    let set = ConfigReader(directory: "/nonexistent/backfilld", machine: FakeMachine()).read()
    #expect(set.settings == DaemonSettings())
    #expect(set.windows.isEmpty && set.rejected.isEmpty)
    #expect(!set.areWindowsListed && !set.areSettingsSound)
    #expect(
      set.settingsFindings.map(\.description) == [
        "/nonexistent/backfilld:1:1: there is no such directory; "
          + "make it, with a folder `windows.d` for the windows, or name another with --config-dir"
      ])
  }

  @Test(arguments: [false, true]) func `without windows.d has no windows, and says so`(isLink: Bool) throws {
    let folder = try ConfigFolder()
    try FileManager.default.removeItem(atPath: "\(folder.path)/windows.d")
    if isLink {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/windows.d", withDestinationPath: "/nonexistent")
    }
    let set = folder.read()
    #expect(set.windows.isEmpty && set.rejected.isEmpty)
    #expect(set.areSettingsSound)
    #expect(!set.areWindowsListed)
    let finding = "windows.d:1:1: there is no such directory; make it: each of its files is a window"
    #expect(folder.texts(set.settingsFindings) == [finding])
    #expect(set.configuration.findings == ["\(folder.path)/\(finding)"])
  }

  @Test func `without pipelines.d has nothing to say about it`() throws {
    let folder = try ConfigFolder()
    try FileManager.default.removeItem(atPath: "\(folder.path)/pipelines.d")
    #expect(folder.read() == ConfigSet())
  }

  @Test func `with one bad file still has the windows of the others`() throws {
    let folder = try ConfigFolder()
    try folder.write(goodDates + goodSteps, to: "windows.d/good.yml")
    try folder.write("dates: no\n" + goodSteps, to: "windows.d/bad.yaml")
    try folder.write("not ours", to: "windows.d/README")
    try folder.write("not ours", to: "windows.d/.hidden.yaml")
    let set = folder.read()
    #expect(set.windows.map(\.name) == ["good"])
    #expect(set.rejected.map(\.name) == ["bad"])
  }

  @Test func `with settings under another name says that they are not read`() throws {
    let folder = try ConfigFolder()
    try folder.write("max_processes: 1\n", to: "backfilld.yml")
    let set = folder.read()
    #expect(set.settings == DaemonSettings())
    #expect(
      folder.texts(set.settingsFindings) == [
        "backfilld.yml:1:1: is not read: the settings are in `backfilld.yaml`; rename or remove it"
      ])
    #expect(set.areWindowsListed && !set.areSettingsSound)
    try folder.write("max_processes: 2\n", to: "backfilld.yaml")
    #expect(folder.read().settings.maxProcesses == 2 && folder.read().areSettingsSound)
  }

  @Test func `with two windows of one name rejects both`() throws {
    let folder = try ConfigFolder()
    try folder.write(goodDates + goodSteps, to: "windows.d/a.yaml")
    try folder.write(goodDates + goodSteps, to: "windows.d/a.yml")
    let set = folder.read()
    #expect(set.windows == [])
    let hint = "rename or remove one of the two files"
    #expect(
      folder.texts(set.rejected.flatMap(\.findings)) == [
        "windows.d/a.yaml:1:1: the window `a` is also in `windows.d/a.yml`; \(hint)",
        "windows.d/a.yml:1:1: the window `a` is also in `windows.d/a.yaml`; \(hint)",
      ])
  }

  @Test func `is checked as a whole, where it is named instead of a file`() throws {
    let folder = try ConfigFolder()
    try folder.write("journal: x\n", to: "backfilld.yaml")
    try folder.write(goodDates + goodSteps, to: "windows.d/good.yml")
    try folder.write("dates: no\n" + goodSteps, to: "windows.d/bad.yaml")
    let findings = ConfigReader.check(file: folder.path, machine: FakeMachine())
    #expect(findings == folder.read().findings)
    #expect(Set(findings.map(\.file)) == ["\(folder.path)/backfilld.yaml", "\(folder.path)/windows.d/bad.yaml"])
  }

  @Test func `without any of our files is no configuration to check`() throws {
    let folder = try ConfigFolder()
    #expect(
      ConfigReader.check(file: folder.path + "/windows.d", machine: FakeMachine()).map(\.description) == [
        "\(folder.path)/windows.d:1:1: this directory has no configuration; name files, or the directory above `windows.d`"
      ])
  }

  @Test func `with a window that no command line could name rejects it`() throws {
    let folder = try ConfigFolder()
    try folder.write(goodDates + goodSteps, to: "windows.d/my window.yaml")
    #expect(
      folder.texts(folder.read().rejected.flatMap(\.findings)) == [
        "windows.d/my window.yaml:1:1: a window is named by its file, and `my window` is not made of "
          + "letters, digits, `-`, `_` and `.`; rename the file"
      ])
  }

  @Test func `whose windows.d is a file says so`() throws {
    let folder = try ConfigFolder()
    try FileManager.default.removeItem(atPath: "\(folder.path)/windows.d")
    try folder.write("x", to: "windows.d")
    #expect(folder.texts(folder.read().settingsFindings) == ["windows.d:1:1: cannot be read: Not a directory"])
  }
}

@Suite struct `The daemon's settings` {
  @Test func `are read`() throws {
    let folder = try ConfigFolder()
    try folder.write("max_processes: 2\nstop_grace: 1m30s\n", to: "backfilld.yaml")
    #expect(folder.read() == ConfigSet(settings: DaemonSettings(maxProcesses: 2, stopGrace: .seconds(90))))
  }

  @Test func `may be comments only`() throws {
    let folder = try ConfigFolder()
    try folder.write("# max_processes: 2\n", to: "backfilld.yaml")
    #expect(folder.read() == ConfigSet())
  }

  @Test func `with slips keep what could be read`() throws {
    let folder = try ConfigFolder()
    try folder.write(
      "max_process: 2\nstop_grace: 60\nhold_file: /x\nnotify: []\nretention: {}\nweb: {}\nmax_processes: 8\n",
      to: "backfilld.yaml")
    let set = folder.read()
    #expect(set.settings == DaemonSettings(maxProcesses: 8))
    #expect(
      folder.texts(set.settingsFindings) == [
        "backfilld.yaml:1:1: unknown key `max_process`; did you mean `max_processes`?",
        "backfilld.yaml:2:13: `stop_grace` must be a duration such as `30s`, `10m` or `1h30m`, found `60`; "
          + "add the unit: `s`, `m`, `h` or `d`",
        "backfilld.yaml:3:1: `hold_file` is not supported yet", "backfilld.yaml:4:1: `notify` is not supported yet",
        "backfilld.yaml:5:1: `retention` is not supported yet", "backfilld.yaml:6:1: `web` is not supported yet",
      ])
  }
}

@Suite struct `A pipeline` {
  @Test func `gives a window its steps, and its run where the window says nothing`() throws {
    let folder = try ConfigFolder()
    try folder.write(
      "run: {directory: /srv/a, environment: {A: 1, B: 1}, environment_file: a.env}\n" + goodSteps,
      to: "pipelines.d/nba.yaml")
    try folder.write(
      goodDates + "pipeline: nba\nrun: {directory: /srv/b, environment: {B: 2}}\n", to: "windows.d/a.yaml")
    let window = try #require(folder.read().windows.first)
    #expect(window.steps == [Step(name: "load", command: ["bin/load"])])
    #expect(
      window.run
        == RunContext(
          directory: "/srv/b", environment: ["A": "1", "B": "2"],
          environmentFile: "\(folder.path)/pipelines.d/a.env"))
  }

  @Test func `counts the days of its bands from each window's first date`() throws {
    let folder = try ConfigFolder()
    try folder.write(
      "steps: {load: {command: [x], expect: {expected: [A], failures: {bands: [{days: 0-, rate: <= 5%}]}}}}\n",
      to: "pipelines.d/nba.yaml")
    try folder.write(goodDates + "pipeline: nba\n", to: "windows.d/a.yaml")
    let window = try #require(folder.read().windows.first)
    #expect(
      window.steps[0].expect.streams == [
        RateStream(
          categories: ["A"], since: window.dates.from,
          bands: [Band(firstDay: 0, lastDay: nil, low: 0, high: 0.05)])
      ])
  }

  @Test func `of which there are two is named with both`() throws {
    let folder = try ConfigFolder()
    for name in ["nba.yaml", "nba.yml"] { try folder.write(goodSteps, to: "pipelines.d/\(name)") }
    try folder.write(goodDates + "pipeline: nba\n", to: "windows.d/a.yaml")
    #expect(
      folder.texts(folder.read().rejected[0].findings) == [
        "windows.d/a.yaml:2:11: the pipeline `nba` is in `pipelines.d/nba.yaml` and in `pipelines.d/nba.yml`; "
          + "rename or remove one of the two files"
      ])
  }

  @Test func `with findings rejects its windows with them`() throws {
    let folder = try ConfigFolder()
    try folder.write("steps: {load: {comand: [x]}}\n", to: "pipelines.d/nba.yaml")
    try folder.write(goodDates + "pipeline: nba\n", to: "windows.d/a.yaml")
    let set = folder.read()
    let expected = [
      "pipelines.d/nba.yaml:1:9: step `load` has no `command`",
      "pipelines.d/nba.yaml:1:16: unknown key `comand`; did you mean `command`?",
    ]
    #expect(folder.texts(set.pipelineFindings) == expected)
    #expect(folder.texts(set.rejected[0].findings) == expected)
  }

  @Test func `with findings has each of them once, however many windows use it`() throws {
    let folder = try ConfigFolder()
    try folder.write("steps: {load: {command: [x], timeout: 0s}}\n", to: "pipelines.d/nba.yaml")
    for name in ["a", "b"] { try folder.write(goodDates + "pipeline: nba\n", to: "windows.d/\(name).yaml") }
    try folder.write(goodDates + "pipeline: nba\norder: up\n", to: "windows.d/c.yaml")
    let set = folder.read()
    #expect(set.rejected.map(\.name) == ["a", "b", "c"])
    #expect(
      folder.texts(set.findings) == [
        "pipelines.d/nba.yaml:1:39: `timeout` must be a duration above zero, found `0s`",
        "windows.d/c.yaml:3:8: `order` must be `oldest-first` or `newest-first`, found `up`",
      ])
  }

  @Test(arguments: [
    ("pipeline: nbaa\n", "a:2:11: there is no pipeline `nbaa` in `pipelines.d`; did you mean `nba`?"),
    ("pipeline: ../x\n", "a:2:11: `pipeline` must be a name of letters, digits, `-`, `_` and `.`, found `../x`"),
    ("pipeline: nba\n" + goodSteps, "a:3:1: the window has both `pipeline` and `steps`; use one of them"),
  ])
  func `that cannot be used is named`(_ text: String, _ finding: String) throws {
    let folder = try ConfigFolder()
    try folder.write(goodSteps, to: "pipelines.d/nba.yaml")
    try folder.write(goodDates + text, to: "windows.d/a.yaml")
    #expect(folder.rejections() == [finding])
  }

  @Test func `that expects completeness needs windows with counts`() throws {
    let folder = try ConfigFolder()
    try folder.write("steps: {load: {command: [x], expect: {completeness: '>= 50%'}}}\n", to: "pipelines.d/nba.yaml")
    try folder.write("2021-10-19,3\n2021-10-20\n", to: "windows.d/dates.csv")
    try folder.write("dates: {from_file: dates.csv}\npipeline: nba\n", to: "windows.d/a.yaml")
    let set = folder.read()
    #expect(set.pipelineFindings == [])
    #expect(
      folder.rejections() == [
        "a:2:11: `expect.completeness` of step `load` needs a COUNT for each date; "
          + "`dates.from_file` gives none for 2021-10-20"
      ])
  }
}

@Suite struct `Checking one file` {
  private func check(_ name: String, in folder: ConfigFolder) -> [String] {
    folder.texts(ConfigReader.check(file: "\(folder.path)/\(name)", machine: FakeMachine()))
  }

  @Test func `takes backfilld.yaml for the settings`() throws {
    let folder = try ConfigFolder()
    try folder.write("web: {}\n", to: "backfilld.yaml")
    #expect(check("backfilld.yaml", in: folder) == ["backfilld.yaml:1:1: `web` is not supported yet"])
  }

  @Test func `takes a file in pipelines.d for a pipeline`() throws {
    let folder = try ConfigFolder()
    try folder.write(goodDates + goodSteps, to: "pipelines.d/nba.yaml")
    #expect(
      check("pipelines.d/nba.yaml", in: folder) == [
        "pipelines.d/nba.yaml:1:1: unknown key `dates`; it belongs to a window"
      ])
  }

  @Test func `finds the pipeline of a window beside its directory`() throws {
    let folder = try ConfigFolder()
    try folder.write(goodSteps, to: "pipelines.d/nba.yaml")
    try folder.write(goodDates + "pipeline: nba\n", to: "windows.d/a.yaml")
    #expect(check("windows.d/a.yaml", in: folder) == [])
  }

  @Test func `takes any other file for a window`() throws {
    let folder = try ConfigFolder()
    try folder.write(goodSteps, to: "a.yaml")
    #expect(check("a.yaml", in: folder) == ["a.yaml:1:1: `dates` is missing"])
  }

  @Test(arguments: [
    ("w.txt", "backfilld reads no file of this name, only `.yaml` and `.yml`; rename it to `w.yaml`"),
    ("w", "backfilld reads no file of this name, only `.yaml` and `.yml`; rename it to `w.yaml`"),
    ("w.YAML", "backfilld reads no file of this name, only `.yaml` and `.yml`; rename it to `w.yaml`"),
    (".w.yaml", "backfilld reads no hidden file; rename it to `w.yaml`"),
    (".w", "backfilld reads no hidden file; rename it to `w.yaml`"),
  ])
  func `that the daemon never reads says so, besides what is wrong in it`(_ name: String, _ message: String) throws {
    let folder = try ConfigFolder()
    try folder.write(goodDates + goodSteps + "order: up\n", to: "windows.d/\(name)")
    #expect(
      check("windows.d/\(name)", in: folder) == [
        "windows.d/\(name):1:1: \(message)",
        "windows.d/\(name):3:8: `order` must be `oldest-first` or `newest-first`, found `up`",
      ])
    try folder.write(goodSteps, to: "pipelines.d/\(name)")
    #expect(check("pipelines.d/\(name)", in: folder) == ["pipelines.d/\(name):1:1: \(message)"])
  }

  @Test func `of settings that the daemon never reads says so`() throws {
    let folder = try ConfigFolder()
    try folder.write("web: {}\n", to: "backfilld.yml")
    #expect(
      check("backfilld.yml", in: folder) == [
        "backfilld.yml:1:1: backfilld reads its settings from no file of this name; rename it to `backfilld.yaml`",
        "backfilld.yml:1:1: `web` is not supported yet",
      ])
  }

  @Test(arguments: ["backfilld.yaml", "backfilld.yml"])
  func `takes a file in windows.d for a window, whatever its name`(_ name: String) throws {
    let folder = try ConfigFolder()
    try folder.write(goodDates + goodSteps, to: "windows.d/\(name)")
    #expect(check("windows.d/\(name)", in: folder) == [])
  }

  @Test(arguments: ["a.yaml", "a.txt", ".a"])
  func `says when there is no such file`(_ name: String) throws {
    let folder = try ConfigFolder()
    #expect(check(name, in: folder) == ["\(name):1:1: cannot be read: No such file or directory"])
  }
}
