import BackfillCore

/// What becomes of one execution of the daemon in the crash test.
enum CrashLife: Equatable {
  /// It dies at the named point, the `count`-th time it comes there.
  case fault(FaultPoint, count: Int)
  /// It is killed so many milliseconds after its start, ready or not.
  case killedAfterStart(milliseconds: Int)
  /// It is killed so many milliseconds after READY.
  case killedAtWork(milliseconds: Int)
  /// It is stopped in an orderly way, so many milliseconds after READY, with a `stop_grace` of so many seconds.
  case stopped(milliseconds: Int, grace: Int)
}

/// The lives of the daemon in the crash test, in an order that a seed decides.
struct CrashPlan {
  private(set) var lives: [CrashLife]

  init(seed: UInt64) {
    var generator = SplitMix64(state: seed)
    // An activation is opened only when somebody asks; those two lives are the test's own.
    let points = FaultPoint.allCases.filter { $0 != .activationOpened }
    lives = points.map { .fault($0, count: 1) }
    lives += points.map { point in
      let comesOnce = point == .beforeRecovery || point == .recovered
      return .fault(point, count: comesOnce ? 1 : Int.random(in: 2...4, using: &generator))
    }
    lives += (0..<8).map { _ in .killedAfterStart(milliseconds: Int.random(in: 0...300, using: &generator)) }
    lives += (0..<14).map { _ in .killedAtWork(milliseconds: Int.random(in: 0...200, using: &generator)) }
    lives += [0, 0, 30, 30].map { grace in
      .stopped(milliseconds: Int.random(in: 50...150, using: &generator), grace: grace)
    }
    lives.shuffle(using: &generator)
  }
}

/// A small generator of random numbers that gives the same ones for the same seed. Source: Steele, Lea and Flood, "Fast
/// Splittable Pseudorandom Number Generators", 2014.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
