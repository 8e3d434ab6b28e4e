import BackfillCore

/// Asks the daemon over its Unix socket: one connection, one request, one response.
public struct ControlClient: Sendable {
  public let socketPath: String
  /// The daemon is the user's own, and so is the service that a person is pointed to.
  public let isUser: Bool
  /// How long one request may take, from the connect to the last byte.
  public let timeout: Duration
  /// How long a question that was cut off waits for a daemon that it can be put to once more.
  public let patience: Duration

  public init(
    socketPath: String, isUser: Bool = false, timeout: Duration = .seconds(30), patience: Duration = .seconds(2)
  ) {
    self.socketPath = socketPath
    self.isUser = isUser
    self.timeout = timeout
    self.patience = patience
  }

  /// The daemon and its windows; one window when `window` is given.
  public func status(of window: String? = nil) async throws(ControlFailure) -> DaemonStatus {
    guard let window else { return try await get(.status, path: ControlRoute.status.path()) }
    return try await get(.windowStatus, path: ControlRoute.windowStatus.path(window: window))
  }

  /// A window date by date; one date with its attempts and decisions when `date` is given.
  public func show(_ window: String, date: CivilDate? = nil) async throws(ControlFailure) -> WindowView {
    guard let date else { return try await get(.show, path: ControlRoute.show.path(window: window)) }
    return try await get(.showDate, path: ControlRoute.showDate.path(window: window, date: date.description))
  }

  /// What will become of every date of a window.
  public func plan(_ request: PlanRequest) async throws(ControlFailure) -> PlanView {
    let query = request.nights.map { ["nights": String($0)] } ?? [:]
    return try await get(.plan, path: ControlRoute.plan.path(window: request.window, query: query))
  }

  /// What failed, with the rates and their bands.
  public func failures(_ request: FailuresRequest) async throws(ControlFailure) -> FailuresView {
    let path = ControlRoute.failures.path(window: request.window, query: ["by": request.by.rawValue])
    return try await get(.failures, path: path)
  }

  /// What only the daemon can see of itself and its ledger.
  public func doctor() async throws(ControlFailure) -> DoctorView {
    try await get(.doctor, path: ControlRoute.doctor.path())
  }

  /// Judges stored reports again.
  public func validate(_ request: ValidationRequest) async throws(ControlFailure) -> ValidationView {
    try await post(
      .validate, path: ControlRoute.validate.path(window: request.window),
      body: ValidationBody(dates: request.dates, apply: request.isApplied, reason: request.reason))
  }

  /// Copies the ledger into a new file, an absolute path as the daemon sees it.
  public func backup(to file: String) async throws(ControlFailure) -> BackupView {
    try await post(.backup, path: ControlRoute.backup.path(), body: BackupBody(file: file))
  }

  /// Runs dates now, outside the schedule.
  public func run(_ request: RunRequest) async throws(ControlFailure) -> ChangeAnswer {
    try await post(
      .run, path: ControlRoute.run.path(window: request.window),
      body: RunBody(
        dates: request.dates, step: request.step, reason: request.reason, dryRun: request.isDryRun))
  }

  /// Accepts, retries or skips dates.
  public func change(_ request: ChangeRequest) async throws(ControlFailure) -> ChangeAnswer {
    try await post(
      .change, path: ControlRoute.change.path(window: request.window),
      body: ChangeBody(action: request.action, dates: request.dates, reason: request.reason))
  }

  /// Runs steps again whose results are there already.
  public func rerun(_ request: RerunRequest) async throws(ControlFailure) -> RerunAnswer {
    try await post(.rerun, path: ControlRoute.rerun.path(window: request.window), body: RerunBody(request))
  }

  /// Records dates as done that were done before backfilld knew them.
  public func importDone(_ request: ImportRequest) async throws(ControlFailure) -> ImportAnswer {
    try await post(
      .importDone, path: ControlRoute.importDone.path(window: request.window),
      body: ImportBody(dates: request.dates, reason: request.reason, dryRun: request.dryRun))
  }

  /// Pauses one window, or all.
  public func pause(_ request: PauseRequest) async throws(ControlFailure) -> ChangeAnswer {
    let route = request.window == nil ? ControlRoute.pauseAll : .pause
    return try await post(route, path: route.path(window: request.window), body: PauseBody(reason: request.reason))
  }

  /// Lets one paused window, or all, go on.
  public func resume(_ request: ResumeRequest) async throws(ControlFailure) -> ChangeAnswer {
    let route = request.window == nil ? ControlRoute.resumeAll : .resume
    return try await post(
      route, path: route.path(window: request.window), body: ResumeBody(now: request.now, reason: request.reason))
  }

  /// Reads the configuration again.
  public func reload() async throws(ControlFailure) -> ReloadAnswer {
    try await post(.reload, path: ControlRoute.reload.path(), body: ReloadBody())
  }

  private func get<Answer: Decodable>(_ route: ControlRoute, path: String) async throws(ControlFailure) -> Answer {
    try await answer(to: ControlRequest(method: route.method, path: path, body: []))
  }

  private func post<Answer: Decodable>(
    _ route: ControlRoute, path: String, body: some Encodable
  ) async throws(ControlFailure) -> Answer {
    let bytes: [UInt8]
    do {
      bytes = try ControlCoding.encode(body)
    } catch {
      throw .protocolError("the request cannot be written as JSON: \(error.message)")
    }
    return try await answer(to: ControlRequest(method: route.method, path: path, body: bytes))
  }

  private func answer<Answer: Decodable>(to request: ControlRequest) async throws(ControlFailure) -> Answer {
    let response = try await exchange(request)
    guard (200..<300).contains(response.status) else { throw failure(in: response) }
    do {
      return try ControlCoding.decode(Answer.self, from: response.body)
    } catch {
      throw .protocolError("the answer of the daemon at \(socketPath) cannot be read: \(error.message)")
    }
  }

  private func failure(in response: ControlResponse) -> ControlFailure {
    do {
      let body = try ControlCoding.decode(ErrorBody.self, from: response.body)
      if response.status == 403 { return .forbidden(body.error.message) }
      guard let kind = Refusal.Kind(rawValue: body.error.kind) else { return .protocolError(body.error.message) }
      return .refused(Refusal(kind, body.error.message))
    } catch {
      return .protocolError(
        "the daemon at \(socketPath) answered with status \(response.status) and no reason: \(error.message)")
    }
  }
}

/// Why a request brought no answer.
public enum ControlFailure: Error, Sendable, Equatable {
  /// Nobody can be reached there; the sentence says why and what to do.
  case unreachable(String)
  /// The caller may not ask this; the sentence says who may, and how to become one of them.
  case forbidden(String)
  /// The daemon says no.
  case refused(Refusal)
  /// What came back is not what this version understands, or did not come in time; the sentence says what it was.
  case protocolError(String)
}
