import BackfillConfig
import BackfillCore
import Testing

@Suite struct `A file of dates` {
  private func read(_ text: String) throws -> (window: Window?, findings: [String]) {
    let folder = try ConfigFolder()
    try folder.write(text, to: "windows.d/dates.csv")
    try folder.write("dates: {from_file: dates.csv}\n" + goodSteps, to: "windows.d/a.yaml")
    let set = folder.read()
    return (set.windows.first, folder.texts(set.rejected.flatMap(\.findings)))
  }

  @Test(arguments: [
    "2021-10-19,3\n2021-10-21\n",
    "\u{FEFF}date,count\r\n2021-10-21\r\n2021-10-19 , 3\r\n",
    "# games\n\nDATE\n 2021-10-19,3 # opening night\n2021-10-21",
  ])
  func `gives the calendar and its counts`(_ text: String) throws {
    let window = try #require(try read(text).window)
    let first = try #require(CivilDate(iso: "2021-10-19"))
    let last = first.adding(days: 2)
    #expect(
      window.dates
        == DateSelection(from: first, to: last, listed: [first: ListedDate(count: 3), last: ListedDate()]))
  }

  @Test(arguments: [
    ("date\n2021-10-19\n19.10.2021\n", "3:1: not a date: `19.10.2021`; write YYYY-MM-DD, such as `2021-10-19`"),
    ("2021-10-19\n2021-02-30,1\n", "2:1: `2021-02-30` is a date that does not exist; 2021-02 has 28 days"),
    ("\u{85}x\u{85}x\n", "1:2: not a date: `x\\u{85}x`; write YYYY-MM-DD, such as `2021-10-19`"),
    ("2021-10-19,3\n2021-10-20, -1\n", "2:13: COUNT must be a whole number, found `-1`"),
    ("2021-10-19,\n", "1:12: COUNT must be a whole number, found ``"),
    ("2021-10-19,1,2\n", "1:14: a line must be `DATE` or `DATE,COUNT`, found 3 values"),
    ("2021-10-19\n# x\n 2021-10-19\n", "3:2: `2021-10-19` is listed twice, first on line 1"),
    ("2021-10-19\ndate\n", "2:1: not a date: `date`; write YYYY-MM-DD, such as `2021-10-19`"),
    ("# none\n", "1:1: the file lists no dates"),
  ])
  func `with a bad line is refused`(_ text: String, _ finding: String) throws {
    let found = try read(text).findings
    #expect(found == ["windows.d/dates.csv:" + finding])
  }
}
