import Access
import Calendar
import Contracts
import Foundation
import Journal
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import Journal
@testable import PatrolLedgerService

/// The registry's facts as the service would have consumed them, and short cuts through a patrol.
struct PatrolWorld: Sendable {
    let service: PatrolLedgerService
    let client: ServiceClient

    static let workdays = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "deploy/demo/workdays").path

    /// Runs the service with a world of `canteens` canteens in the station's area and two in the other county.
    static func run(
        canteens: Int = 3, environment: [String: String] = [:], now: Instant = ServiceTest<PatrolLedgerService>.monday,
        _ body: @Sendable @escaping (PatrolWorld) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "patrol-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let settings = [
            "EVIDENCE_DIR": folder.appending(path: "evidence").path,
            "VIDEO_LIVE_DIR": folder.appending(path: "live").path,
            "WORKDAYS_DIR": workdays, "PATROL_MINIMUM_VIEW_SECONDS": "30",
        ].merging(environment) { _, own in own }
        try await ServiceTest<PatrolLedgerService>.run(environment: settings, now: now) { service, client in
            let world = PatrolWorld(service: service, client: client)
            try await world.register(canteens: canteens)
            try await body(world)
        }
        try FileManager.default.removeItem(at: folder)
    }

    /// Feeds an event to the service's own consumer.
    func receive<E: Event>(_ event: E, at: Instant? = nil) async throws {
        let received = ReceivedEvent(
            id: .new(), event: event, source: "urn:brightkitchen:registry", sequence: nil,
            occurredAt: at ?? client.clock.now() - .seconds(86_400 * 400), correlationId: "test", traceparent: nil,
            consumedBy: "patrol-ledger")
        let subscription = try #require(service.subscriptions.first { $0.type == E.type })
        try await client.pool.transaction { transaction in try await subscription.handle([received], transaction) }
    }

    private func register(canteens: Int) async throws {
        let organs: [(OrganID, String, OrganLevel, String, OrganID?)] = [
            (TestPersons.cityOrgan, "江门市市场监管局", .city, "440700", nil),
            (TestPersons.countyOrgan, "蓬江区市场监管局", .county, "440703", TestPersons.cityOrgan),
            (TestPersons.otherCountyOrgan, "江海区市场监管局", .county, "440704", TestPersons.cityOrgan),
            (TestPersons.stationOrgan, "白沙监管所", .station, "440703", TestPersons.countyOrgan),
            (TestPersons.otherStationOrgan, "潮连监管所", .station, "440703", TestPersons.countyOrgan),
        ]
        for (id, name, level, division, parent) in organs {
            try await receive(
                OrganRegistered(
                    organId: id, name: name, department: .marketSupervision, level: level, divisionCode: division,
                    parentOrganId: parent, townships: []))
        }
        for person in [
            TestPersons.city, TestPersons.county, TestPersons.otherCounty, TestPersons.station,
            TestPersons.otherStation,
        ] {
            try await receive(
                StaffAppointed(
                    personId: person.personId, role: person.role, organId: person.organId,
                    validFrom: LocalDate(client.clock.now()).adding(days: -300)))
        }
        for number in 1...max(1, canteens) where canteens > 0 { try await addCanteen(number) }
        for number in 101...102 {
            try await addCanteen(number, division: "440704", station: OrganID("organ-440704-01"))
        }
    }

    func canteenId(_ number: Int) -> CanteenID { CanteenID("canteen-\(number)") }
    func cameraId(_ number: Int, _ zone: ZoneCode = .z3) -> CameraID { CameraID("camera-\(number)-\(zone.rawValue)") }
    static func gbId(_ number: Int, _ zone: Int = 3) -> String {
        "44070300111327\(String(format: "%04d%02d", number, zone))"
    }

    func addCanteen(
        _ number: Int, division: String = "440703", station: OrganID = TestPersons.stationOrgan,
        isCaterer: Bool = false,
        operating: Bool = true
    ) async throws {
        let isOwn = division == "440703"
        try await receive(
            CanteenRegistered(
                canteenId: canteenId(number), name: "第一食堂",
                schoolId: number == 1 ? TestPersons.school : SchoolID("school-\(number)"),
                schoolName: "示例小学\(number)", schoolType: .primary, isCaterer: isCaterer, uscc: "12440703000000019G",
                divisionCode: division, cityDirect: false, stationOrganId: station,
                countyOrganId: isOwn ? TestPersons.countyOrgan : TestPersons.otherCountyOrgan,
                cityOrganId: TestPersons.cityOrgan, supervisingDepartment: .education,
                supervisingOrganId: TestPersons.educationOrgan, servingMode: "自营", diners: 500, zones: [.z3, .z4],
                licenceNumber: "JY34407030000010", licenceIssuedOn: LocalDate(client.clock.now()).adding(days: -600),
                licenceValidTo: LocalDate(client.clock.now()).adding(days: 900), operating: operating))
        try await setCamera(number, .active)
    }

    func setCamera(_ number: Int, _ status: CameraStatus) async throws {
        try await receive(
            CameraStatusChanged(
                cameraId: cameraId(number), canteenId: canteenId(number), schoolId: SchoolID("school-\(number)"),
                name: "示例-烹饪区-01", zone: .z3, gbId: Self.gbId(number), enabledOn: LocalDate(client.clock.now()),
                isAnteroom: false, status: status))
    }

    // MARK: a patrol

    func caller(_ person: Principal) -> PatrolDesk.Caller {
        PatrolDesk.Caller(
            principal: person, context: EventContext(actor: .person(person.personId), correlationId: "test"))
    }

    func open(_ numbers: [Int], as person: Principal) async throws -> PatrolID {
        try await service.desk.open(
            PatrolOrder(basis: [.daily], canteenIds: numbers.map(canteenId)), by: caller(person))
    }

    /// Watches the cooking zone for 35 s by heartbeats.
    func watch(_ number: Int, in patrol: PatrolID, as person: Principal, seconds: Int = 35) async throws {
        for second in stride(from: 0, through: seconds, by: 5) {
            if second > 0 { client.clock.advance(by: .seconds(5)) }
            _ = try await service.desk.heartbeat(patrol, camera: cameraId(number), by: caller(person))
        }
    }

    /// Every item in order, except those given.
    func sheet(_ zone: ZoneCode = .z3, _ changed: [ItemFinding] = []) -> SheetEntry {
        SheetEntry(
            findings: service.desk.checklist.items(of: zone).map { item in
                changed.first { $0.code == item.code } ?? ItemFinding(code: item.code, result: .ok)
            })
    }

    func visit(_ number: Int, in patrol: PatrolID, as person: Principal, _ changed: [ItemFinding] = []) async throws {
        try await watch(number, in: patrol, as: person)
        try await service.desk.submitSheet(
            sheet(.z3, changed), patrol: patrol, canteen: canteenId(number), zone: .z3, by: caller(person))
    }

    func complete(_ numbers: [Int], as person: Principal) async throws -> ClosedPatrol {
        let patrol = try await open(numbers, as: person)
        for number in Set(numbers).sorted() { try await visit(number, in: patrol, as: person) }
        return try await service.desk.close(patrol, by: caller(person))
    }

    // MARK: what was written

    func weekState(_ organ: OrganID, _ label: String) async throws -> String? {
        try await client.pool.first(
            "SELECT status FROM week_result WHERE organ_id = \(organ) AND week = \(label)"
        ) { try $0["status"] as String }
    }

    func events(_ type: String) async throws -> [String] {
        try await client.pool.query("SELECT subject FROM journal WHERE type = \(type) ORDER BY position") {
            try $0["subject"] as String
        }
    }
}

extension Refusal {
    /// The refusal a body throws; nil when it throws none.
    static func of(_ body: () async throws -> Void) async throws -> Refusal? {
        do {
            try await body()
            return nil
        } catch let refusal as Refusal {
            return refusal
        }
    }
}
