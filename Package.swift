// swift-tools-version: 6.2
import PackageDescription

// Every target gets the same settings through the helpers at the end of this file.
// A service is a library `<X>Service` (all of its behaviour) and a thin executable that only wires it to the command line.

let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "bright-kitchen",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // C libraries
        .systemLibrary(
            name: "CRDKafka", path: "Shared/CRDKafka", pkgConfig: "rdkafka",
            providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(
            name: "CLibPQ", path: "Shared/CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CCurl", path: "Shared/CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "COpenSSL", path: "Shared/COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        // Fixed ports for the embedded broker; linked into it and the tests only
        .target(name: "CListenerPort", path: "Shared/CListenerPort"),

        // Shared modules
        shared("Concurrency", ["Calendar"]),
        shared("Calendar"),
        shared("Kafka", ["CRDKafka", "Concurrency", "Calendar", logging, metrics, lifecycle]),
        shared("Postgres", ["CLibPQ", "Concurrency", "Calendar", logging, metrics, lifecycle, crypto]),
        shared("Contracts", ["Calendar", crypto], resources: [.copy("Topics/topics.yaml")]),
        shared(
            "Journal",
            [
                "Postgres", "Kafka", "Contracts", "Digests", "Concurrency", "Calendar", logging, metrics, lifecycle,
                crypto,
            ],
            resources: [.embedInCode("Migrations")]),
        shared("Digests", ["COpenSSL", crypto]),
        shared("PersonalData", ["Postgres", crypto], resources: [.embedInCode("inventory.yaml")]),
        shared("Access", ["Contracts", "Concurrency", "Calendar", crypto, cryptoExtras, jwt]),
        shared("Delivery", ["CCurl", "Concurrency", "Calendar", logging, metrics, crypto]),
        shared(
            "ServiceKit",
            [
                "Journal", "Postgres", "Kafka", "Contracts", "Access", "Delivery", "Digests", "PersonalData",
                "Concurrency", "Calendar", hummingbird, lifecycle, configuration, logging, metrics, mustache, arguments,
                crypto, yaml,
            ],
            resources: [.copy("Assets"), .copy("Templates")]),
        shared("Attachments", ["ServiceKit", "Digests", crypto, subprocess, hummingbird]),
        .executableTarget(
            name: "EmbeddedBroker", dependencies: ["CListenerPort", "Kafka", logging, arguments],
            path: "Shared/EmbeddedBroker", swiftSettings: settings()),
        shared(
            "TestSupport",
            [
                "CListenerPort", "Postgres", "Kafka", "Journal", "Contracts", "Access", "ServiceKit", "Concurrency",
                "Calendar", "Delivery", subprocess, hummingbird, hummingbirdTesting,
            ]),

        // What `deploy/local bench` measures in process
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "Journal", "Kafka", "Postgres", "Contracts", "Access", "Concurrency", "Calendar", logging, arguments,
            ],
            path: "Tests/Benchmarks/Subject", swiftSettings: settings()),

        // Tests of the shared modules
        tests("DigestsTests", ["Digests", crypto, subprocess]),
        tests("PersonalDataTests", ["PersonalData", "TestSupport"]),
        tests("ConcurrencyTests", ["Concurrency"]),
        tests("CalendarTests", ["Calendar"], resources: [.copy("Fixtures")]),
        tests("ContractsTests", ["Contracts", "Calendar", yaml]),
        tests("PostgresTests", ["Postgres", "TestSupport"]),
        tests(
            "MessagingTests",
            ["Journal", "Kafka", "Postgres", "Contracts", "Concurrency", "Calendar", lifecycle, logging, "TestSupport"]),
        tests("JournalTests", ["Journal", "Digests", "TestSupport"]),
        tests("AccessTests", ["Access", "ServiceKit", "TestSupport"]),
        tests("DeliveryTests", ["Delivery", "TestSupport"]),
        tests("ServiceKitTests", ["ServiceKit", "Digests", "TestSupport"]),
        tests("AttachmentsTests", ["Attachments", "TestSupport", subprocess]),
        tests("ArchitectureTests", ["TestSupport"]),
    ]
        + service(
            "Registry", executable: "registry", extra: [subprocess],
            resources: [.copy("Data"), .embedInCode("Rules")])
        + service("Disclosure", executable: "disclosure")
        + service(
            "PatrolLedger", executable: "patrol-ledger", extra: [subprocess], resources: [.embedInCode("Data")])
        + service("Notification", executable: "notification")
        + service("ParentAccess", executable: "parent-access", extra: [subprocess]),
    swiftLanguageModes: [.v6]
)

// MARK: helpers

func settings() -> [SwiftSetting] {
    [.enableUpcomingFeature("ExistentialAny"), .treatAllWarnings(as: .error)]
}

func shared(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Shared/\(name)", resources: resources,
        swiftSettings: settings())
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", resources: resources,
        swiftSettings: settings())
}

/// A service: its library, its executable and its tests.
func service(
    _ name: String, executable: String, extra: [Target.Dependency] = [], resources: [Resource] = []
) -> [Target] {
    [
        .target(
            name: "\(name)Service",
            dependencies: [
                "ServiceKit", "Attachments", "Journal", "Postgres", "Contracts", "Calendar", "Access", "Delivery",
                "PersonalData", "Digests",
                "Concurrency", hummingbird, lifecycle, logging, metrics, mustache, arguments, crypto,
            ] + extra,
            path: "Services/\(name)/\(name)Service",
            resources: [.embedInCode("Migrations"), .embedInCode("openapi.yaml"), .copy("Pages/Templates")] + resources,
            swiftSettings: settings()),
        .executableTarget(
            name: executable, dependencies: [.target(name: "\(name)Service"), "ServiceKit", arguments],
            path: "Services/\(name)/\(executable)", swiftSettings: settings()),
        tests("\(name)Tests", [.target(name: "\(name)Service"), "TestSupport", hummingbirdTesting, subprocess]),
    ]
}
