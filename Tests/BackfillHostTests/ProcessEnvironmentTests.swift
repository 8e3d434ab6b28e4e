import Foundation
import Testing

@testable import BackfillHost

struct ProcessEnvironmentTests {
  private let root = UserAccount(name: "root", userID: 0, groupID: 0, home: "/root", shell: "/bin/bash")
  private let nba = UserAccount(name: "nba", userID: 900, groupID: 900, home: "/srv/nba", shell: "")
  private let daemon = [
    "PATH": "/bin", "HOME": "/somewhere", "LANG": "C.UTF-8", "TZ": "UTC", "USER": "boss", "LOGNAME": "boss",
    "SHELL": "/bin/zsh", "NOTIFY_SOCKET": "/run/systemd/notify", "WATCHDOG_USEC": "1", "LISTEN_FDS": "1",
    "JOURNAL_STREAM": "1:2", "BACKFILLD_FAULT": "claimed:1", "SECRET": "x",
  ]

  @Test func `steps of the daemon's own user get seven names of its environment and nothing else`() {
    #expect(
      ProcessEnvironment.forSteps(of: root, own: root, from: daemon) == [
        "PATH": "/bin", "HOME": "/somewhere", "LANG": "C.UTF-8", "TZ": "UTC", "USER": "boss", "LOGNAME": "boss",
        "SHELL": "/bin/zsh",
      ])
  }

  @Test func `steps of another user get that user's home, name and shell`() {
    #expect(
      ProcessEnvironment.forSteps(of: nba, own: root, from: daemon) == [
        "PATH": "/bin", "HOME": "/srv/nba", "LANG": "C.UTF-8", "TZ": "UTC", "USER": "nba", "LOGNAME": "nba",
        "SHELL": "/bin/sh",
      ])
  }

  @Test func `what the daemon does not have comes from the user database, except LANG and TZ`() {
    #expect(
      ProcessEnvironment.forSteps(of: root, own: root, from: [:]) == [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "USER": "root",
        "LOGNAME": "root", "SHELL": "/bin/bash",
      ])
  }

  @Test func `the environment of this process is read`() {
    #expect(ProcessEnvironment.ofThisProcess() == ProcessInfo.processInfo.environment)
  }
}
