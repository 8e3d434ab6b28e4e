import Testing

@testable import BackfillConfig

@Suite struct `A path` {
  @Test(arguments: [
    ("/etc/backfilld/windows.d", "/etc/backfilld/pipelines.d"),
    ("/etc/backfilld/windows.d/", "/etc/backfilld/pipelines.d"),
    ("windows.d", "pipelines.d"), ("./windows.d", "./pipelines.d"), ("etc/windows.d", "etc/pipelines.d"),
    (".", "./../pipelines.d"), ("..", "../../pipelines.d"), ("/", "/pipelines.d"),
  ])
  func `of windows has its pipelines beside it`(_ windows: String, _ pipelines: String) {
    #expect(Path.pipelines(besides: windows) == pipelines)
  }
}
