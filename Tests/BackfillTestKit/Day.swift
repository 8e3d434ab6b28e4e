import BackfillCore

/// A date literal for tests: `day("2013-02-08")`. A text that is no date gives 1970-01-01, which no test expects.
public func day(_ text: String) -> CivilDate {
  CivilDate(iso: text) ?? CivilDate(daysSinceEpoch: 0)
}
