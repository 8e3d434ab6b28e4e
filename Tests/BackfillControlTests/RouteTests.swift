import BackfillControl
import BackfillCore
import Testing

/// The table of routes.
struct RouteTests {
  @Test func `every route has its method, path and permission`() {
    let table = ControlRoute.allCases.map { "\($0.method.rawValue) \($0.pattern) \($0.permission.rawValue)" }
    #expect(
      table == [
        "GET /v1/status read",
        "GET /v1/windows/{window}/status read",
        "GET /v1/windows/{window} read",
        "GET /v1/windows/{window}/dates/{date} read",
        "GET /v1/windows/{window}/plan read",
        "GET /v1/windows/{window}/failures read",
        "POST /v1/windows/{window}/validate operate",
        "POST /v1/windows/{window}/run operate",
        "POST /v1/windows/{window}/change operate",
        "POST /v1/windows/{window}/rerun operate",
        "POST /v1/windows/{window}/import operate",
        "POST /v1/windows/{window}/pause operate",
        "POST /v1/windows/{window}/resume operate",
        "POST /v1/pause operate",
        "POST /v1/resume operate",
        "POST /v1/reload operate",
        "POST /v1/backup administer",
        "GET /v1/doctor read",
      ])
  }

  @Test(arguments: ControlRoute.allCases)
  func `every route is found by the path it makes`(route: ControlRoute) {
    let path = route.path(window: "a b/ü%", date: "2013-02-08")
    var values: [String: String] = [:]
    if route.pattern.contains("{window}") { values["window"] = "a b/ü%" }
    if route.pattern.contains("{date}") { values["date"] = "2013-02-08" }
    #expect(ControlRoute.match(method: route.method.rawValue, path: path) == .found(route, values: values))
  }

  @Test(arguments: ControlRoute.allCases)
  func `a route that changes something has a body, one that reads has none`(route: ControlRoute) {
    #expect((route.body == nil) == (route.permission == .read))
  }

  @Test func `a query does not change the route`() {
    #expect(ControlRoute.match(method: "GET", path: "/v1/status?pretty=1") == .found(.status, values: [:]))
  }

  @Test func `a parameter of the route is read from the query, decoded`() {
    #expect(
      ControlRoute.match(method: "GET", path: "/v1/windows/w/plan?pretty=1&nights=%33")
        == .found(.plan, values: ["window": "w", "nights": "3"]))
    #expect(ControlRoute.plan.path(window: "w", query: ["nights": "3"]) == "/v1/windows/w/plan?nights=3")
  }

  @Test func `a name is encoded byte by byte`() {
    #expect(ControlRoute.show.path(window: "a b/ü") == "/v1/windows/a%20b%2F%C3%BC")
  }

  @Test(arguments: ["", "/", "/v1", "/v1/status/", "/v1/windows", "/v1/windows/", "/v1/windows/%", "/v1/windows/%ff"])
  func `other paths lead nowhere`(path: String) {
    #expect(ControlRoute.match(method: "GET", path: path) == .notFound)
  }

  @Test func `another method is told which one there is`() {
    #expect(ControlRoute.match(method: "PUT", path: "/v1/pause") == .wrongMethod(allowed: ["POST"]))
  }

  @Test(arguments: [
    (Refusal.Kind.noSuchWindow, 404), (.noSuchDate, 404), (.noSuchStep, 404), (.refused, 409), (.invalid, 400),
    (.unavailable, 503),
  ])
  func `a refusal has its HTTP status`(kind: Refusal.Kind, status: Int) {
    #expect(ControlError(Refusal(kind, "x")).status == status)
  }
}
