import Calendar
import Contracts
import Journal
import ServiceKit
import TestSupport

@testable import NotificationService

/// The part of the city these tests play in, and the events that tell the service about it.
enum City {
    static let organs: [OrganRegistered] = [
        organ(TestPersons.cityOrgan, "江门市市场监督管理局", .marketSupervision, .city, "440700"),
        organ(TestPersons.countyOrgan, "蓬江区市场监督管理局", .marketSupervision, .county, "440703"),
        organ(TestPersons.otherCountyOrgan, "江海区市场监督管理局", .marketSupervision, .county, "440704"),
        organ(TestPersons.stationOrgan, "白沙市场监督管理所", .marketSupervision, .station, "440703"),
        organ(TestPersons.educationOrgan, "蓬江区教育局", .education, .county, "440703"),
        organ(TestPersons.hrOrgan, "蓬江区人力资源和社会保障局", .humanResources, .county, "440703"),
        organ(OrganID("organ-edu-city"), "江门市教育局", .education, .city, "440700"),
    ]

    static func organ(
        _ id: OrganID, _ name: String, _ department: Department, _ level: OrganLevel, _ division: String
    ) -> OrganRegistered {
        OrganRegistered(
            organId: id, name: name, department: department, level: level, divisionCode: division, townships: [])
    }

    static func canteen(
        _ id: CanteenID = CanteenID("canteen-1"), type: SchoolType = .primary, department: Department = .education,
        supervisor: OrganID? = TestPersons.educationOrgan, cityDirect: Bool = false, isCaterer: Bool = false
    ) -> Canteen {
        Canteen(
            id: id, name: "第一食堂", schoolId: TestPersons.school, schoolName: "蓬江区实验小学", schoolType: type,
            isCaterer: isCaterer, divisionCode: "440703", cityDirect: cityDirect,
            stationOrganId: TestPersons.stationOrgan, countyOrganId: TestPersons.countyOrgan,
            cityOrganId: TestPersons.cityOrgan, supervisingDepartment: department, supervisingOrganId: supervisor)
    }

    static func problem(
        _ id: ProblemID = ProblemID("problem-1"), canteen: CanteenID = CanteenID("canteen-1"),
        found: Instant = ServiceTest<NotificationService>.monday, description: String = "砧板生熟混用"
    ) -> ProblemFound {
        ProblemFound(
            problemId: id, canteenId: canteen, schoolId: TestPersons.school, origin: .patrol,
            organId: TestPersons.stationOrgan, enforcementOrganId: TestPersons.stationOrgan, zone: .z3,
            itemCode: "Z3-07", itemText: "生熟食品的工具、容器分开使用", severity: 2, description: description,
            evidence: [
                EvidenceReference(
                    evidenceId: EvidenceID("evidence-1"), kind: .still, hash: String(repeating: "ab", count: 32))
            ],
            foundAt: found, acknowledgeBy: found + .seconds(24 * 3600), rectifyBy: found + .seconds(5 * 24 * 3600))
    }

    static func submitted(_ problem: ProblemFound, after: Duration) -> RectificationSubmitted {
        RectificationSubmitted(
            problemId: problem.problemId, canteenId: problem.canteenId, schoolId: problem.schoolId, cause: "培训不到位",
            measure: "更换砧板并分色", prevention: "每日晨会检查", evidence: [], submittedAt: problem.foundAt + after)
    }

    static func closed(_ problem: ProblemFound, after: Duration) -> ProblemClosed {
        ProblemClosed(
            problemId: problem.problemId, canteenId: problem.canteenId, schoolId: problem.schoolId,
            outcome: .rectified, closedAt: problem.foundAt + after)
    }
}

/// Feeds events to the service as its consumer would, each in a transaction of its own.
struct Feed: Sendable {
    let service: NotificationService
    let client: ServiceClient

    func registry(_ organs: [OrganRegistered] = City.organs, _ canteens: [Canteen] = [City.canteen()]) async throws {
        for organ in organs { try await self.organ(organ) }
        for canteen in canteens { try await self.canteen(canteen) }
    }

    func organ(_ organ: OrganRegistered) async throws {
        let service = service
        let event = received(organ)
        try await client.pool.transaction { try await service.registry.organRegistered(event, $0) }
    }

    func canteen(_ canteen: Canteen) async throws {
        let service = service
        let context = EventContext(actor: .system("registry"), correlationId: "test")
        try await client.pool.transaction { try await service.registry.take(canteen, context, $0) }
    }

    @discardableResult
    func found(_ problem: ProblemFound, id: EventID = .new()) async throws -> EventID {
        let service = service
        let event = received(problem, id: id, at: problem.foundAt)
        try await client.pool.transaction { try await service.desk.open(event, $0) }
        return id
    }

    func submitted(_ event: RectificationSubmitted, id: EventID = .new()) async throws {
        try await take(
            received(event, id: id, at: event.submittedAt), .rectificationSubmitted, event.problemId, event.canteenId,
            event.schoolId)
    }

    func closed(_ event: ProblemClosed, id: EventID = .new()) async throws {
        try await take(
            received(event, id: id, at: event.closedAt), .problemClosed, event.problemId, event.canteenId,
            event.schoolId)
    }

    private func take<E: Event>(
        _ event: ReceivedEvent<E>, _ kind: NoticeKind, _ problem: ProblemID, _ canteen: CanteenID, _ school: SchoolID
    ) async throws {
        let service = service
        try await client.pool.transaction {
            try await service.desk.take(event, kind: kind, problem: problem, canteen: canteen, school: school, $0)
        }
    }

    func received<E: Event>(_ event: E, id: EventID = .new(), at instant: Instant? = nil) -> ReceivedEvent<E> {
        ReceivedEvent(
            id: id, event: event, source: "urn:brightkitchen:patrol-ledger", sequence: nil,
            occurredAt: instant ?? client.clock.now(), correlationId: "test-correlation", traceparent: nil,
            consumedBy: "notification")
    }

    /// What the service journalled of one event type, oldest first.
    func published<E: Event>(_ type: E.Type) async throws -> [E] {
        try await client.pool.query(
            "SELECT data FROM journal WHERE type = \(E.type) ORDER BY position"
        ) { row in
            let bytes: [UInt8] = try row["data"]
            return try EventJSON.decode(E.self, from: bytes)
        }
    }
}
