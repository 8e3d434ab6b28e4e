import Testing

@testable import BackfillHost

struct UserFoldersTests {
  @Test func `without variables the folders are below the home of the user database`() {
    let folders = UserFolders(environment: [:], home: "/home/ann")
    #expect(folders.config == "/home/ann/.config")
    #expect(folders.state == "/home/ann/.local/state")
    #expect(folders.runtime == nil)
  }

  @Test func `each variable names its folder`() {
    let folders = UserFolders(
      environment: ["XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s", "XDG_RUNTIME_DIR": "/run/user/1000"], home: "/")
    #expect(folders.config == "/c")
    #expect(folders.state == "/s")
    #expect(folders.runtime == "/run/user/1000")
  }

  @Test(arguments: ["", "relative", "~/x"])
  func `what is no absolute path counts as not set`(value: String) {
    let names = ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"]
    let environment = Dictionary(uniqueKeysWithValues: names.map { ($0, value) })
    #expect(
      UserFolders(environment: environment.merging(["HOME": "/home/bob"]) { $1 }, home: "/home/ann")
        == UserFolders(environment: [:], home: "/home/bob"))
  }
}
