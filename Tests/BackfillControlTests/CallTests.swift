import BackfillCore
import Testing

@testable import BackfillControl

/// What is read from a request, and what is refused.
struct CallTests {
  private func refusal(_ method: String, _ path: String, _ body: String = "") -> String? {
    do {
      _ = try ControlCall(method: method, path: path, body: Array(body.utf8))
      return nil
    } catch {
      return "\(error.status) \(error.kind): \(error.message)"
    }
  }

  @Test(arguments: ["0", "-1", "many", ""])
  func `a number of nights is from 1 on`(text: String) {
    #expect(
      refusal("GET", "/v1/windows/w/plan?nights=\(text)")
        == "400 invalid: `nights` is `\(text)`, not a number from 1 on")
  }

  @Test func `failures are counted by a word that is known`() {
    #expect(
      refusal("GET", "/v1/windows/w/failures?by=hour")
        == "400 invalid: `by` is `hour`, not one of category, step, date, week")
  }

  @Test(arguments: ["", "ledger.db", "./ledger.db", "/var/backups/", #"/tmp/a\u0000b"#])
  func `a backup needs the absolute path of a file`(file: String) {
    let shown = file.replacing(#"\u0000"#, with: #"\u{0}"#)
    #expect(
      refusal("POST", "/v1/backup", #"{"file":"\#(file)"}"#)
        == "400 invalid: `\(shown)` is not the absolute path of a file")
  }

  @Test(arguments: [
    ("run", #"{"dates":[],"dryrun":true}"#, "unknown key `dryrun`; did you mean `dry_run`?"),
    ("run", #"{"date":[]}"#, "unknown key `date`; did you mean `dates`?"),
    (
      "run", #"{"dates":[],"downstream":true}"#,
      "unknown key `downstream`; known here: `dates`, `step`, `reason`, `dry_run`"
    ),
    ("run", #"{"z":1,"b":1,"dates":[],"a":1}"#, "unknown key `a`; known here: `dates`, `step`, `reason`, `dry_run`"),
    (
      "run", #"{"dates":[{"form":"2021-01-01","to":"2021-01-02"}]}"#,
      "unknown key `dates[0].form`; did you mean `from`?"
    ),
    ("change", #"{"action":"skip","dates":[],"reasn":"x"}"#, "unknown key `reasn`; did you mean `reason`?"),
    (
      "change", #"{"action":"skip","dates":[{"from":"2021-01-01","to":"2021-01-01","x":1}]}"#,
      "unknown key `dates[0].x`; known here: `from`, `to`"
    ),
    ("rerun", #"{"dates":[],"dry-run":true}"#, "unknown key `dry-run`; did you mean `dry_run`?"),
    (
      "rerun", #"{"dates":[],"confirmed":{"dates":1,"steps":1,"step":1}}"#,
      "unknown key `confirmed.step`; did you mean `steps`?"
    ),
    ("import", #"{"dates":[],"dryRun":true}"#, "unknown key `dryRun`; did you mean `dry_run`?"),
    ("validate", #"{"aply":true}"#, "unknown key `aply`; did you mean `apply`?"),
    ("pause", #"{"reasons":"x"}"#, "unknown key `reasons`; did you mean `reason`?"),
    ("resume", #"{"Now":true}"#, "unknown key `Now`; did you mean `now`?"),
    ("resume", #"{"a\u0000\nb":true}"#, #"unknown key `a\u{0}\nb`; known here: `now`, `reason`"#),
  ])
  func `a key that means nothing is refused`(_ verb: String, _ body: String, _ message: String) {
    #expect(
      refusal("POST", "/v1/windows/w/\(verb)", body) == "400 invalid: the body cannot be read: \(message)")
  }

  @Test(arguments: [
    ("/v1/reload", #"{"force":true}"#, "unknown key `force`; there are no keys here"),
    ("/v1/reload", "[]", "it is not a JSON object"),
    ("/v1/backup", #"{"file":"/x","overwrite":true}"#, "unknown key `overwrite`; known here: `file`"),
    ("/v1/pause", #"{"window":"w"}"#, "unknown key `window`; known here: `reason`"),
  ])
  func `a key that means nothing is refused, without a window too`(_ path: String, _ body: String, _ message: String) {
    #expect(refusal("POST", path, body) == "400 invalid: the body cannot be read: \(message)")
  }

  @Test(arguments: [
    ("/v1/status?pretty=1", "unknown parameter `pretty` in the query; this path takes none"),
    ("/v1/windows/w/plan?night=3", "unknown parameter `night` in the query; did you mean `nights`?"),
    ("/v1/windows/w/plan?nights=3&x", "unknown parameter `x` in the query; known here: `nights`"),
    ("/v1/windows/w/plan?nights", "`nights` has no value in the query"),
    ("/v1/windows/w/plan?nights=%ZZ", "the value of `nights` in the query is not percent-encoded UTF-8"),
    ("/v1/windows/w/plan?nights=1&nights=2", "`nights` is twice in the query"),
    ("/v1/windows/w/failures?BY=week", "unknown parameter `BY` in the query; did you mean `by`?"),
    ("/v1/windows/w/failures?%00=1", #"unknown parameter `\u{0}` in the query; known here: `by`"#),
  ])
  func `a parameter that means nothing is refused`(_ path: String, _ message: String) {
    #expect(refusal("GET", path) == "400 invalid: \(message)")
  }

  @Test(arguments: ["/v1/status?", "/v1/windows/w/plan?nights=3&", "/v1/windows/w/plan?%6eights=%33"])
  func `a query of known parameters is taken`(path: String) {
    #expect(refusal("GET", path) == nil)
  }

  @Test func `a question with a body is refused`() {
    #expect(
      refusal("GET", "/v1/windows/w/plan", #"{"nights":3}"#)
        == "400 invalid: GET takes no body: parameters go into the query")
  }

  @Test(arguments: [
    ("zap", "`action`: `zap` is not one of accept, retry, skip"),
    ("acept", "`action`: `acept` is not one of accept, retry, skip; did you mean `accept`?"),
    ("", "`action`: `` is not one of accept, retry, skip"),
  ])
  func `an action that there is not names those that there are`(_ action: String, _ message: String) {
    #expect(
      refusal("POST", "/v1/windows/w/change", #"{"action":"\#(action)","dates":[]}"#)
        == "400 invalid: the body cannot be read: \(message)")
  }

  @Test(arguments: [
    ("/v1/windows/w/change", #""action":"skip","dates":[{"from":"2021-01-01","to":"2021-01-01"}]"#),
    ("/v1/windows/w/rerun", #""dates":[{"from":"2021-01-01","to":"2021-01-01"}]"#),
    ("/v1/windows/w/validate", #""apply":true"#), ("/v1/windows/w/import", #""dates":["2021-01-01"]"#),
    ("/v1/windows/w/pause", #""reason":"""#), ("/v1/pause", ""), ("/v1/windows/w/resume", ""), ("/v1/resume", ""),
  ])
  func `a reason is on one line, and not a character of it is lost`(_ path: String, _ keys: String) throws {
    let keys = keys.contains("reason") || keys.isEmpty ? "" : keys + ","
    let body = "{\(keys)" + #""reason":"a\u0000b\nc\u001b[31m\u2028ü"}"#
    let call = try ControlCall(method: "POST", path: path, body: Array(body.utf8))
    let reason: String? =
      switch call {
      case .change(let request): request.reason
      case .rerun(let request): request.reason
      case .validate(let request): request.reason
      case .importDone(let request): request.reason
      case .pause(let request): request.reason
      case .resume(let request): request.reason
      default: nil
      }
    #expect(reason == #"a\u{0}b\nc\u{1B}[31m\u{2028}ü"#)
  }

  @Test func `a reason of blanks is none`() throws {
    let body = #"{"action":"skip","reason":" \t ","dates":[{"from":"2021-01-01","to":"2021-01-01"}]}"#
    guard
      case .change(let request) = try ControlCall(
        method: "POST", path: "/v1/windows/w/change", body: Array(body.utf8))
    else { return #expect(Bool(false), "it is a change") }
    #expect(request.reason == nil)
  }
}
