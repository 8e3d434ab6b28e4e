import BackfillConfig
import BackfillCore
import Testing

/// `expect.completeness` needs a COUNT for each date; that there is none is found whatever else is wrong.
@Suite struct `Completeness` {
  private static let steps = "steps: {load: {command: [x], expect: {completeness: '>= 50%'}}}\n"
  private static let missing =
    "a:2:53: `expect.completeness` of step `load` needs a COUNT for each date; "
    + "`dates.from_file` or `dates.from_command` must give one as `DATE,COUNT`"

  private func found(_ dates: String, list: String? = nil) throws -> [String] {
    let folder = try ConfigFolder()
    if let list { try folder.write(list, to: "windows.d/dates.csv") }
    try folder.write("dates: \(dates)\n" + Self.steps, to: "windows.d/a.yaml")
    return folder.rejections()
  }

  @Test(arguments: [
    (
      "{from: 2021-10-19, to: 2021-13-40}",
      "a:1:31: `dates.to` is `2021-13-40`, a date that does not exist; months are 01 to 12"
    ),
    ("{to: 2021-10-25}", "a:1:8: `dates.from` is missing"),
    ("{from: 2021-10-25, to: 2021-10-19}", "a:1:15: `dates.from` 2021-10-25 is after `dates.to` 2021-10-19"),
  ])
  func `without a count is found beside a mistake in the dates`(_ dates: String, _ mistake: String) throws {
    #expect(try found(dates) == [mistake, Self.missing])
  }

  @Test func `of a list without a single count is found beside a mistake in the dates`() throws {
    #expect(
      try found("{from_file: dates.csv, to: 2021-13-40}", list: "2021-10-19\n2021-10-20\n") == [
        "a:1:35: `dates.to` is `2021-13-40`, a date that does not exist; months are 01 to 12",
        "a:2:53: `expect.completeness` of step `load` needs a COUNT for each date; "
          + "`dates.from_file` gives none for 2021-10-19",
      ])
  }

  @Test(arguments: [
    "dates: {from_file: dates.csv, to: 2021-13-40}\n", "dates: {from_file: none.csv}\n",
    "dates: {from_fil: dates.csv}\n", "dates: {from: 2021-13-40, to: 2021-10-19, from_command: [x]}\n",
    "dates: {from: 2021-13-40, to: 2021-10-19, from_comand: [x]}\n", "dates: 3\n", "",
  ])
  func `is not said to lack a count where there may be one`(_ dates: String) throws {
    let folder = try ConfigFolder()
    try folder.write("2021-10-19\n2021-10-20,3\n", to: "windows.d/dates.csv")
    try folder.write(dates + Self.steps, to: "windows.d/a.yaml")
    let found = folder.rejections()
    #expect(!found.isEmpty)
    #expect(found.filter { $0.contains("COUNT") } == [])
  }
}
