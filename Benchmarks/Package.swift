// swift-tools-version: 6.2
import PackageDescription

// Apart from the main package: it drives the built programs by their path and sees none of their code.
let package = Package(
  name: "backfilld-benchmarks",
  targets: [
    .executableTarget(name: "floor", linkerSettings: [.linkedLibrary("sqlite3")]),
    .executableTarget(
      name: "bench",
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ]),
  ]
)
