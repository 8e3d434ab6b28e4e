import BackfillCore
import BackfillTestKit
import Testing

@Suite struct PlaceholdersTests {
  private let placeholders = Placeholders(window: "flights", date: day("2013-02-08"), step: "load")

  @Test(arguments: [
    ("--date={date}", "--date=2013-02-08"),
    ("{from}..{to}", "2013-02-08..2013-02-08"),
    ("{window}/{step}", "flights/load"),
    ("{\"day\": \"{date}\"}", "{\"day\": \"2013-02-08\"}"),
    ("awk '{print $1}'", "awk '{print $1}'"),
    ("{", "{"),
    ("{{date}}", "{2013-02-08}"),
    ("plain", "plain"),
  ])
  func `known names in braces are filled in, all else stays`(argument: String, filled: String) {
    #expect(placeholders.fill(argument) == filled)
  }
}
