import BackfillCore
import Foundation
import Testing

@testable import BackfillHost

struct LocalZoneTests {
  private let zones = ZoneFiles(directory: ZoneFiles.defaultDirectory)
  private let directory: TemporaryDirectory
  private let nowhere: ZoneFiles.LocalSources

  init() throws {
    directory = try TemporaryDirectory()
    nowhere = ZoneFiles.LocalSources(
      localtime: directory.path + "/localtime", timezone: directory.path + "/timezone")
  }

  private func name(_ environment: [String: String] = [:]) throws -> String {
    try zones.localZone(environment: environment, sources: nowhere).name
  }

  @Test(arguments: [
    ("Europe/Berlin", "Europe/Berlin"), (":Europe/Berlin", "Europe/Berlin"),
    ("/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"), ("", "UTC"), (":", "UTC"),
  ])
  func `TZ decides first`(setting: String, zone: String) throws {
    try directory.write(Data("Asia/Tokyo\n".utf8), to: "timezone")
    #expect(try name(["TZ": setting]) == zone)
  }

  @Test func `a TZ that names nothing is an error`() {
    #expect(throws: ZoneFailure.unknown("Europe/Berln")) { try name(["TZ": "Europe/Berln"]) }
  }

  @Test func `a TZ that is a rule is an error`() {
    #expect(throws: ZoneFailure.notAName("EST5EDT,M3.2.0,M11.1.0")) { try name(["TZ": "EST5EDT,M3.2.0,M11.1.0"]) }
  }

  @Test(arguments: ["/usr/share/zoneinfo/Europe/Berlin", "../usr/share/zoneinfo/Europe/Berlin"])
  func `the target of localtime decides before the file timezone`(target: String) throws {
    try directory.write(Data("Asia/Tokyo\n".utf8), to: "timezone")
    _ = try directory.link("localtime", to: target)
    #expect(try name() == "Europe/Berlin")
  }

  @Test func `the file timezone decides where localtime is no link`() throws {
    try directory.write(Data("Asia/Tokyo\n".utf8), to: "timezone")
    #expect(try name() == "Asia/Tokyo")
  }

  @Test func `a localtime without a name is a zone of its own`() throws {
    try directory.write(Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/Asia/Tokyo")), to: "localtime")
    #expect(try name() == "localtime")
  }

  @Test func `a TZ that points to localtime is the machine's zone`() throws {
    _ = try directory.link("localtime", to: "/usr/share/zoneinfo/Europe/Berlin")
    #expect(try name(["TZ": ":" + nowhere.localtime]) == "Europe/Berlin")
  }

  @Test func `a machine that says nothing is in UTC`() throws {
    #expect(try name() == "UTC")
  }
}
