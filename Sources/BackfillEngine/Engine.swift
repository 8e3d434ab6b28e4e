import BackfillCore
import Dispatch
import ServiceLifecycle

/// Makes time pass: takes messages one by one, decides, and has the work done by child tasks.
///
/// The loop awaits no database, no step and no journal, so that a stuck loop is the only thing the watchdog can mean.
public final class Engine: Service {
  let ports: EnginePorts
  let settings: DaemonSettings
  let windows: [Window]
  let rejected: [RejectedWindowStatus]
  let version: String
  let mailbox: Mailbox
  /// Given when no new step is to start.
  let stop = StopSignal()
  /// Given when running steps are to be stopped.
  private let abort = StopSignal()
  private let slots: ProcessSlots
  /// What is said past the outbox, in order: the journal may block, the loop may not.
  private let announced: AsyncStream<(JournalEvent, Instant)>
  private let announcements: AsyncStream<(JournalEvent, Instant)>.Continuation

  /// Makes an engine for `windows`; `rejected` are the files that could not be used, which `status` shows.
  public init(
    settings: DaemonSettings, windows: [Window], rejected: [RejectedWindowStatus], version: String, ports: EnginePorts
  ) {
    self.settings = settings
    self.windows = windows
    self.rejected = rejected
    self.version = version
    self.ports = ports
    mailbox = Mailbox(of: ports.threads.loop)
    slots = ProcessSlots(settings.maxProcesses)
    (announced, announcements) = AsyncStream.makeStream()
  }

  /// What persons ask goes through here, from before the start until after the end.
  public var operations: any Operations {
    EngineOperations(mailbox: mailbox, place: ports.place, version: version, daemonFacts: ports.daemonFacts)
  }

  /// Recovers, plans, and runs until an orderly stop is asked for. Throws when the daemon itself cannot go on.
  public func run() async throws {
    let broken = await work()
    // Who asked does not wait for ever, also when the start failed.
    mailbox.close()
    await mailbox.refuseRest()
    if let broken { throw EngineFailure(broken) }
  }

  /// Begins, and runs the loop to its end; returns why the daemon cannot go on, `nil` after an orderly stop.
  private func work() async -> String? {
    let mailbox = mailbox
    async let told: Void = announce()
    let broken = await withGracefulShutdownHandler {
      await withTaskExecutorPreference(ports.threads.loop) { await workWithTasks() }
    } onGracefulShutdown: {
      mailbox.post(fromOutside: .stop)
    }
    announcements.finish()
    await told
    return broken
  }

  private func workWithTasks() async -> String? {
    await withDiscardingTaskGroup { group in
      let alarm = Alarm(clock: ports.clock, mailbox: mailbox)
      if let interval = ports.notifier.watchdogInterval { group.addTask { await self.feedWatchdog(every: interval) } }
      let beginning = await begin(in: &group)
      let broken = await work(on: beginning, alarm, in: &group)
      alarm.set(nil)
      // Whatever ended the loop: no runner starts another step, or waits for the ledger.
      stopSteps()
      group.cancelAll()
      return broken
    }
  }

  private func announce() async {
    for await (event, at) in announced { ports.sink.hand(over: event, at: at) }
  }

  private func work(
    on beginning: Beginning, _ alarm: Alarm, in group: inout DiscardingTaskGroup
  ) async -> String? {
    switch beginning.end {
    case .stopped:
      return nil
    case .broken(let reason):
      for message in beginning.held { message.refuse(Mailbox.ending) }
      return reason
    case .started(var state):
      await loop(&state, after: beginning, alarm, in: &group)
      return state.broken
    }
  }

  private func loop(
    _ state: inout EngineState, after beginning: Beginning, _ alarm: Alarm, in group: inout DiscardingTaskGroup
  ) async {
    var pacing = StatusPacing(told: beginning.statusLine)
    // The first plan comes before whatever was asked meanwhile: no reload is told before READY.
    for message in [.tick] + beginning.held {
      take(message, &state, alarm, &pacing, in: &group)
      if state.isFinished { return }
    }
    while let message = await mailbox.next() {
      take(message, &state, alarm, &pacing, in: &group)
      if state.isFinished { return }
    }
  }

  private func take(
    _ message: Message, _ state: inout EngineState, _ alarm: Alarm, _ pacing: inout StatusPacing,
    in group: inout DiscardingTaskGroup
  ) {
    let now = ports.clock.now()
    for effect in state.handle(message, at: now) { perform(effect, in: &group) }
    alarm.set(state.nextDeadline)
    let time = DispatchTime.now()
    switch pacing.turn(after: message, at: time) {
    case .now: break
    case .not: return
    case .at(let later):
      return DispatchQueue.global().asyncAfter(deadline: later) { [mailbox] in mailbox.post(fromOutside: .tick) }
    }
    let isFirst = pacing.told == nil
    let line = state.statusLine(at: now)
    guard pacing.tell(line, at: time) else { return }
    ports.notifier.status(line)
    if isFirst { ports.planned() }
  }

  func perform(_ effect: EngineState.Effect, in group: inout DiscardingTaskGroup) {
    /// For what may block or compute for long: the loop does not wait behind it.
    func aside(_ work: @escaping @Sendable () async -> Void) {
      group.addTask(executorPreference: ports.threads.own(), operation: work)
    }
    switch effect {
    case .feedWatchdog: ports.notifier.watchdog()
    case .drain: ports.eventsCommitted()
    case .tell(let event): announcements.yield((event, ports.clock.now()))
    case .open(let request, let promise): group.addTask { await self.open(request, promise) }
    case .end(let activation, let move, let reason): group.addTask { await self.end(activation, move, reason) }
    case .decide(let decision): group.addTask { await self.decide(decision) }
    case .ask(let decisions, let reply): group.addTask { await self.ask(decisions, reply) }
    case .planRerun(let question, let reply): aside { await self.planRerun(question, reply) }
    case .start(let task, let window, let calendar):
      aside { await self.runDates(from: task, window, calendar) }
    case .preflight(let preflight): aside { await self.run(preflight) }
    case .fold(let window, let calendar, let fold, let target, let generation):
      aside { await self.foldDrift(window, calendar, fold, target, generation) }
    case .readConfiguration:
      ports.notifier.reloading()
      aside { await self.readConfiguration() }
    case .endReload(let askers, let answer):
      ports.reloaded()
      for asker in askers { asker.reply?.answer(answer) }
    case .adopt(let windows): aside { await self.adopt(windows) }
    case .readCalendar(let window, let before): aside { await self.readCalendar(window, before: before) }
    case .limitProcesses(let count): slots.resize(to: count)
    case .beginStop(let grace):
      ports.notifier.stopping()
      var patience = StopPatience(grace: grace)
      if let first = patience.next() { ports.notifier.extendTimeout(by: first) }
      stop.give()
      group.addTask { await self.waitStopGrace(grace) }
      group.addTask { [patience] in await self.keepStopping(patience) }
    case .stopSteps: stopSteps()
    case .extendTimeout(let duration): ports.notifier.extendTimeout(by: duration)
    }
  }

  private func stopSteps() {
    // In this order: a step that is stopped must not be started again.
    stop.give()
    abort.give()
  }
}

// The child tasks. Each posts one message when it is done, and before its events go out: who reads in the journal that
// something happened, and asks, is not answered with how it was before. (Unless the drain that another task asked for comes
// in the moment between the commit and the message.)
extension Engine {
  /// Its events go out through the loop, after what was told with them: one wake-up for both.
  var gate: LedgerGate {
    LedgerGate(
      place: ports.place, clock: ports.clock, mailbox: mailbox, abort: abort,
      eventsCommitted: { [mailbox] in mailbox.post(.eventsCommitted) })
  }

  private func runDates(from task: DateTask, _ window: Window, _ calendar: WindowCalendar) async {
    let runner = DateRunner(
      plan: DateWalk.Plan(window, plannedDates: calendar.workDateCount), gate: gate,
      steps: StepRunner(orders: orders, stop: stop, baseEnvironment: ports.baseEnvironment),
      stop: stop, slots: slots, threads: ports.threads, clock: ports.clock, faults: ports.faults)
    do {
      try await abort.cancelling { () async throws(EngineFailure) in try await runner.run(from: task) }
    } catch {
      mailbox.post(.broken("\(window.name) \(error.message)"))
    }
  }

  private var orders: OrderRunner {
    OrderRunner(executor: ports.executor, clock: ports.clock, mailbox: mailbox, abort: abort)
  }

  private func run(_ preflight: Preflight) async {
    let runner = PreflightRunner(
      orders: orders, gate: gate, slots: slots, stop: stop, baseEnvironment: ports.baseEnvironment)
    let name = preflight.window.name
    do {
      let outcome = try await abort.cancelling { () async throws(EngineFailure) in try await runner.run(preflight) }
      mailbox.post(.preflightEnded(window: name, chunk: preflight.activation.id, outcome))
    } catch {
      mailbox.post(.broken("preflight of \(name): \(error.message)"))
    }
  }

  /// A firing is tried until it is written down; what a person asked for is refused when it cannot be.
  private func open(_ request: ActivationRequest, _ promise: Promise?) async {
    do {
      let activation: Activation?
      if let promise {
        do {
          activation = try await ports.ledger.open(request)
        } catch {
          mailbox.post(.opened(request, nil))
          promise.reply.refuse(.unavailable, "nothing was started: \(error.message)")
          return
        }
      } else {
        activation = try await gate.persist { () async throws(LedgerFailure) in try await ports.ledger.open(request) }
      }
      ports.faults.reached(.activationOpened)
      mailbox.post(.opened(request, activation))
      ports.eventsCommitted()
      if let promise { promise.reply.answer(promise.answer) }
    } catch {
      mailbox.post(.broken("\(request.window): \(error.message)"))
    }
  }

  private func end(_ activation: Activation, _ move: RampMove, _ reason: String) async {
    do {
      let now = ports.clock.now()
      let event = JournalEvent.activationEnded(
        window: activation.window, chunk: activation.id, dates: activation.started.count, reason: reason)
      try await gate.persist { () async throws(LedgerFailure) in
        try await ports.ledger.end(
          activation: activation.id, of: activation.window, ramp: move, events: [event], at: now)
      }
      mailbox.post(.ended(window: activation.window, chunk: activation.id, move))
      ports.eventsCommitted()
    } catch {
      mailbox.post(.broken("\(activation.window): \(error.message)"))
    }
  }

  /// A decision of the engine is tried until it is written down.
  private func decide(_ decision: Decision) async {
    do {
      let outcome = try await gate.persist { () async throws(LedgerFailure) in
        try await ports.ledger.decide(decision)
      }
      mailbox.post(.decided(decision, outcome))
      ports.eventsCommitted()
    } catch {
      mailbox.post(.broken("\(decision.window): \(error.message)"))
    }
  }

  /// A decision of a person is refused when it cannot be written down.
  private func ask(_ decisions: [Decision], _ reply: Reply<ChangeAnswer>) async {
    var asked: [Asked] = []
    for decision in decisions {
      do {
        let outcome = try await ports.ledger.decide(decision)
        if outcome.opened != nil { ports.faults.reached(.activationOpened) }
        asked.append(Asked(decision: decision, outcome: .success(outcome)))
      } catch {
        asked.append(Asked(decision: decision, outcome: .failure(error)))
      }
    }
    mailbox.post(.asked(asked, reply))
    ports.eventsCommitted()
  }

  private func foldDrift(
    _ window: Window, _ calendar: WindowCalendar, _ start: DriftFold, _ target: CivilDate, _ generation: Int
  ) async {
    do {
      let runner = DriftRunner(window: window, calendar: calendar, gate: gate, clock: ports.clock)
      let fold = try await runner.run(start, through: target)
      mailbox.post(.folded(window: window.name, fold, generation: generation))
    } catch {
      mailbox.post(.broken("\(window.name): \(error.message)"))
    }
  }

  private func planRerun(_ question: RerunQuestion, _ reply: Reply<RerunAnswer>) async {
    let plan: Result<RerunPlan, LedgerFailure>
    do {
      let request = question.request
      plan = .success(
        RerunPlan(
          of: question.dates, step: request.step, isDownstream: request.downstream,
          standings: try await ports.ledger.standings(in: request.window), staleness: question.staleness))
    } catch {
      plan = .failure(error)
    }
    mailbox.post(.rerunPlanned(question, plan, reply))
  }

  private func waitStopGrace(_ grace: Duration) async {
    do {
      try await ports.clock.wait(for: grace)
      mailbox.post(.stopGraceOver)
    } catch {
      // Everything ended before the grace time was over.
    }
  }

  /// Through the loop: one that hangs asks for nothing more.
  private func keepStopping(_ patience: StopPatience) async {
    var patience = patience
    do {
      while true {
        try await ports.clock.wait(for: StopPatience.pause)
        guard let piece = patience.next() else { return }
        mailbox.post(.stopGoesOn(piece))
      }
    } catch {
      // Everything has ended.
    }
  }

  private func feedWatchdog(every interval: Duration) async {
    do {
      while true {
        mailbox.post(.watchdog)
        try await ports.clock.wait(for: interval)
      }
    } catch {
      // The loop has ended.
    }
  }
}
