import Foundation
import Testing

@testable import BackfillHost

struct MachineTests {
  @Test func `root is the user 0`() {
    #expect(Machine.isRoot == (geteuid() == 0))
  }

  @Test func `the free space of a directory is measured`() throws {
    #expect(try Machine.freeSpace(at: "/tmp") > 0)
  }

  @Test func `the free space of nothing is an error`() {
    #expect(throws: SystemFailure("cannot measure the free space at /nonexistent", code: ENOENT)) {
      try Machine.freeSpace(at: "/nonexistent")
    }
  }

  @Test func `a failure reads as a sentence`() {
    #expect(SystemFailure("cannot open /x", code: ENOENT).description == "cannot open /x: No such file or directory")
  }

  @Test func `an account is found by name and by number`() throws {
    let root = UserAccount(name: "root", userID: 0, groupID: 0, home: "/root", shell: "/bin/bash")
    #expect(try UserAccount.named("root") == root)
    #expect(try UserAccount.numbered(0) == root)
  }

  @Test func `an account that is not there is nil`() throws {
    #expect(try UserAccount.named("no-such-user") == nil)
    #expect(try UserAccount.numbered(3_999_999_999) == nil)
  }

  @Test func `a number without an account is its own name`() {
    #expect(UserAccount.name(of: 0) == "root")
    #expect(UserAccount.name(of: 3_999_999_999) == "3999999999")
  }

  @Test func `the current account is that of the effective user`() throws {
    #expect(try UserAccount.current().userID == geteuid())
  }
}
