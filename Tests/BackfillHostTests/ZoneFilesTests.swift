import BackfillCore
import Foundation
import Testing

@testable import BackfillHost

struct ZoneFilesTests {
  private let installed = ZoneFiles(directory: ZoneFiles.defaultDirectory)

  @Test func `a zone of the machine is loaded by its name`() throws {
    #expect(try installed.zone(named: "America/New_York").name == "America/New_York")
  }

  @Test func `an unknown zone is named`() {
    #expect(throws: ZoneFailure.unknown("America/New_Yrk")) { try installed.zone(named: "America/New_Yrk") }
    #expect(ZoneFailure.unknown("America/New_Yrk").description == "no time zone is called `America/New_Yrk`")
  }

  @Test func `a directory is not a zone`() {
    #expect(throws: ZoneFailure.unknown("America")) { try installed.zone(named: "America") }
  }

  @Test(arguments: [
    "", "/", "/etc/localtime", "../etc/passwd", "America/../Europe/Berlin", "America//New_York", "America/New_York/",
    "zone.tab", "Europe/Berlin ", ".", "-", String(repeating: "a", count: 256),
  ])
  func `what could leave the directory is not a name`(name: String) {
    #expect(throws: ZoneFailure.notAName(name)) { try installed.zone(named: name) }
  }

  @Test func `a zero byte is not a name`() {
    #expect(!ZoneFiles.isName("Europe/Berlin\0"))
  }

  @Test(arguments: ["UTC", "Etc/GMT+5", "America/Port-au-Prince", "America/Argentina/Buenos_Aires", "EST5EDT"])
  func `the shapes of real names are names`(name: String) {
    #expect(ZoneFiles.isName(name))
  }

  @Test func `UTC is known where no files are installed`() throws {
    #expect(try ZoneFiles(directory: "/nonexistent").zone(named: "UTC") == .utc)
  }

  @Test func `a damaged file is said to be damaged`() throws {
    let directory = try TemporaryDirectory()
    try directory.write(Data("hello".utf8), to: "Damaged")
    let error = try #require(throws: ZoneFailure.self) {
      try ZoneFiles(directory: directory.path).zone(named: "Damaged")
    }
    #expect(error.description.hasPrefix("the file of the time zone `Damaged` is damaged: "))
  }

  @Test func `a file far too large is refused`() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Data(count: 2 << 20), to: "Large")
    #expect(throws: ZoneFailure.unreadable(SystemFailure("cannot read \(path)", code: EFBIG))) {
      try ZoneFiles(directory: directory.path).zone(named: "Large")
    }
  }

  @Test func `a pipe in place of a file is refused and does not block`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/Pipe"
    #expect(mkfifo(path, 0o600) == 0)
    #expect(throws: ZoneFailure.unreadable(SystemFailure("cannot read \(path)", code: EINVAL))) {
      try ZoneFiles(directory: directory.path).zone(named: "Pipe")
    }
  }

  static let directories: [(environment: [String: String], directory: String)] = [
    ([:], "/usr/share/zoneinfo"), (["TZDIR": "/opt/zones"], "/opt/zones"), (["TZDIR": ""], "/usr/share/zoneinfo"),
    (["TZDIR": "zones"], "/usr/share/zoneinfo"),
  ]

  @Test(arguments: directories)
  func `TZDIR names the directory when it is absolute`(environment: [String: String], directory: String) {
    #expect(ZoneFiles(environment: environment).directory == directory)
  }

  @Test func `the names come from the table, links included`() throws {
    let directory = try TemporaryDirectory()
    let table =
      "# version 2025b\nR x 1 2 - 3\nZ Europe/Berlin 0:53:28 - LMT 1893 Ap\n1 - CET\nL Europe/Berlin Arctic/X\n"
    try directory.write(Data(table.utf8), to: "tzdata.zi")
    #expect(try ZoneFiles(directory: directory.path).names() == ["Arctic/X", "Europe/Berlin"])
  }

  @Test func `the names come from the files where there is no table`() throws {
    let directory = try TemporaryDirectory()
    for name in ["Europe/Berlin", "UTC", "posix/Europe/Berlin", "zone.tab", "posixrules", "America/Argentina/Jujuy"] {
      try directory.write(Data(), to: name)
    }
    #expect(
      try ZoneFiles(directory: directory.path).names() == ["America/Argentina/Jujuy", "Europe/Berlin", "UTC"])
  }

  @Test func `a directory that is not there has no names`() {
    #expect(throws: ZoneFailure.unreadable(SystemFailure("cannot open /nonexistent", code: ENOENT))) {
      try ZoneFiles(directory: "/nonexistent").names()
    }
  }

  @Test func `every name of the machine's table can be loaded`() throws {
    let names = try installed.names()
    #expect(names.count > 400)
    for name in names { #expect(try installed.zone(named: name).name == name) }
  }
}
