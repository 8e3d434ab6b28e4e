// swift-tools-version: 6.2
import PackageDescription

/// Set by `make fuzz`: our modules are then optimised and instrumented for libFuzzer, and there is a program more.
let isFuzzing = Context.environment["BACKFILLD_FUZZ"] != nil

/// Every module of ours is compiled in language mode 6 with warnings as errors.
let strict: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (isFuzzing ? [.unsafeFlags(["-O", "-sanitize=fuzzer"])] : [])

/// Reads the inputs of libFuzzer; it sees the modules as the tests do.
///
/// libFuzzer brings a `main` beside the one of the program: lld takes the program's, gold fails.
let fuzzer: [Target] = [
  .systemLibrary(name: "CLibFuzzer", path: "Fuzz/CLibFuzzer"),
  .executableTarget(
    name: "BackfilldFuzz",
    dependencies: ["BackfillCore", "BackfillConfig", "BackfillExec", "BackfillControl", "CLibFuzzer"],
    path: "Fuzz/Sources", swiftSettings: strict, linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
]

let package = Package(
  name: "backfilld",
  products: [
    .executable(name: "backfilld", targets: ["backfilld"]),
    .executable(name: "backfillctl", targets: ["backfillctl"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // C: what Glibc does not import, and libsystemd.
    .target(name: "CPosix"),
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),

    // Layer 0: the domain. No I/O, no clock, no Foundation.
    .target(name: "BackfillCore", swiftSettings: strict),

    // Layer 1: one outside thing each; none sees another.
    .target(
      name: "BackfillConfig",
      dependencies: ["BackfillCore", .product(name: "Yams", package: "Yams")],
      swiftSettings: strict),
    .target(
      name: "BackfillStore",
      dependencies: [
        "BackfillCore",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(
      name: "BackfillExec",
      dependencies: [
        "BackfillCore", "CPosix",
      ],
      swiftSettings: strict),
    .target(
      name: "BackfillHost",
      dependencies: [
        "BackfillCore", "CSystemd",
      ],
      swiftSettings: strict),
    .target(
      name: "BackfillControl",
      dependencies: [
        "BackfillCore",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: strict),

    // Layer 2: sees ports, never adapters.
    .target(
      name: "BackfillEngine",
      dependencies: [
        "BackfillCore",
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .target(
      name: "BackfillServer",
      dependencies: [
        "BackfillCore", "BackfillControl",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),

    // Layer 3: wiring.
    .executableTarget(
      name: "backfilld",
      dependencies: [
        "BackfillCore", "BackfillConfig", "BackfillStore", "BackfillExec", "BackfillHost",
        "BackfillControl", "BackfillEngine", "BackfillServer", "CPosix",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "backfillctl",
      dependencies: [
        "BackfillCore", "BackfillConfig", "BackfillControl", "CPosix",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Tests: one target a module, one kit of fakes.
    .target(
      name: "BackfillTestKit", dependencies: ["BackfillCore"], path: "Tests/BackfillTestKit", swiftSettings: strict),
    .testTarget(
      name: "BackfillCoreTests", dependencies: ["BackfillCore", "BackfillTestKit"], swiftSettings: strict),
    .testTarget(
      name: "BackfillConfigTests", dependencies: ["BackfillCore", "BackfillConfig", "BackfillTestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "BackfillStoreTests",
      dependencies: [
        "BackfillCore", "BackfillStore", "BackfillTestKit", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "BackfillExecTests", dependencies: ["BackfillCore", "BackfillExec", "BackfillTestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "BackfillHostTests", dependencies: ["BackfillCore", "BackfillHost", "BackfillTestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "BackfillControlTests", dependencies: ["BackfillCore", "BackfillControl", "BackfillTestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "BackfillServerTests",
      dependencies: [
        "BackfillCore", "BackfillControl", "BackfillServer", "BackfillTestKit",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "BackfillCtlTests",
      dependencies: [
        "BackfillCore", "BackfillControl", "BackfillServer", "backfillctl", "BackfillTestKit",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "BackfillEngineTests",
      dependencies: [
        "BackfillCore", "BackfillEngine", "BackfillExec", "BackfillStore", "BackfillTestKit",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .testTarget(name: "BootTests", dependencies: ["BackfillTestKit"], swiftSettings: strict),
    .testTarget(
      name: "DocumentationTests", dependencies: ["BackfillCore", "backfilld", "backfillctl"], swiftSettings: strict),
    .testTarget(
      name: "AcceptanceTests",
      dependencies: ["BackfillCore", "BackfillControl", "BackfillTestKit", "backfilld", "backfillctl"],
      swiftSettings: strict),
  ] + (isFuzzing ? fuzzer : [])
)
