import Access
import Calendar
import Concurrency
import Contracts
import Foundation
import Journal
import Postgres
import ServiceKit
import TestSupport

@testable import RegistryService

/// The registry with the demo city's files at hand.
enum RegistryTest {
    /// `deploy/demo` of this repository.
    static let demo = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("deploy/demo")

    static func demoFile(_ name: String) -> String { demo.appendingPathComponent(name).path }

    /// Cheap scrypt, for tests that are not about its cost. All of them share it, so it turns nobody away.
    static let quickHasher = PasswordHasher(parameters: .quick, maximumWaiting: .max)

    static func run(
        liveDirectory: String = "/nowhere", trainingGate: TrainingGate.Mode = .warning,
        _ body: @Sendable @escaping (ServiceClient) async throws -> Void
    ) async throws {
        let secrets = try SecretsFolder(["token-signing-key.pem": try await TokenSigner().pem])
        try await ServiceTest<RegistryService>.run(
            environment: [
                "SECRETS_DIR": secrets.path, "VIDEO_LIVE_DIR": liveDirectory, "TRAINING_GATE": trainingGate.rawValue,
            ]
        ) { _, client in try await body(client) }
        try secrets.remove()
    }

    @discardableResult
    static func importFiles(
        _ files: ImportFiles, _ client: ServiceClient, passwords: InitialPasswords? = nil
    ) async throws -> ImportReport {
        try await ImportRun(
            pool: client.pool, clock: client.clock,
            context: EventContext(actor: .system("import"), correlationId: "test"),
            progress: ImportProgress(isSilent: true),
            passwords: passwords ?? InitialPasswords(hasher: quickHasher),
            keys: client.runtime.personalDataKeys
        ).run(files)
    }

    static let organsAndStations = ImportFiles(
        organs: demoFile("organs.csv"), stations: demoFile("stations.csv"))

    /// Organs, stations and the sample roster and cameras, faults and all.
    static func importCity(_ client: ServiceClient) async throws {
        var files = organsAndStations
        files.roster = demoFile("roster-sample.csv")
        files.cameras = demoFile("cameras-sample.csv")
        try await importFiles(files, client)
    }

    /// A file with these lines, gone when the test process ends.
    static func file(_ lines: [String], name: String = "test.csv") throws -> String {
        try file(Array(lines.joined(separator: "\n").utf8), name: name)
    }

    static func file(_ bytes: [UInt8], name: String = "test.csv") throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bk-registry-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent(name)
        try Data(bytes).write(to: path)
        return path.path
    }

    static func journalSize(_ client: ServiceClient) async throws -> Int {
        try await client.pool.first("SELECT count(*) AS n FROM journal") { row -> Int in try row["n"] } ?? 0
    }

    /// Types of journalled events with their numbers.
    static func eventCounts(_ client: ServiceClient) async throws -> [String: Int] {
        let rows = try await client.pool.query("SELECT type, count(*) AS n FROM journal GROUP BY type") {
            row -> (String, Int) in (try row["type"], try row["n"])
        }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }

    static func organ(_ name: String, _ client: ServiceClient) async throws -> Organ {
        let organs = try await client.pool.query(OrganStore.all, OrganStore.decode)
        guard let organ = organs.first(where: { $0.name == name }) else { throw NotFound(what: name) }
        return organ
    }

    /// A regulator or bureau officer of that organ.
    static func officer(_ role: Role, _ organName: String, _ client: ServiceClient) async throws -> Principal {
        let organ = try await organ(organName, client)
        return Principal(
            personId: .new(), role: role, organId: organ.id, organLevel: organ.level, department: organ.department,
            divisionCode: organ.divisionCode)
    }

    static func canteen(licence: String, _ client: ServiceClient) async throws -> Canteen {
        let canteens = try await client.pool.transaction { try await CanteenStore.byLicence([licence], $0) }
        guard let canteen = canteens.first else { throw NotFound(what: licence) }
        return canteen
    }

    static func camera(gbId: String, _ client: ServiceClient) async throws -> Camera {
        let cameras = try await client.pool.transaction { try await CameraStore.byGBID([gbId], $0) }
        guard let camera = cameras.first else { throw NotFound(what: gbId) }
        return camera
    }

    struct NotFound: Error {
        let what: String
    }
}
