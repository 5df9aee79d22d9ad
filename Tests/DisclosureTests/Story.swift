import Calendar
import Contracts
import Postgres
import TestSupport
import Testing

@testable import DisclosureService
@testable import Journal

/// Events of the other services as the tests tell them.
enum Story {
    static let canteen = CanteenID("canteen-1")
    static let school = SchoolID("school-1")

    static func licence(number: String = "JY34407030000010") -> LicenceDisclosure {
        LicenceDisclosure(
            number: number, holder: "蓬江区紫茶示例小学", premises: "第一食堂", issuedOn: day("2024-03-18"),
            validTo: day("2029-03-17"))
    }

    static func day(_ iso: String) -> LocalDate {
        guard let day = LocalDate(iso: iso) else { preconditionFailure("not a day: \(iso)") }
        return day
    }

    static func time(_ rfc3339: String) -> Instant {
        guard let time = Instant(rfc3339: rfc3339) else { preconditionFailure("not a time: \(rfc3339)") }
        return time
    }

    static func registered(
        _ id: CanteenID = canteen, school name: String = "蓬江区紫茶示例小学", division: String = "440703",
        licence: String = "JY34407030000010", validTo: String = "2029-03-17"
    ) -> CanteenRegistered {
        CanteenRegistered(
            canteenId: id, name: "第一食堂", schoolId: school, schoolName: name, schoolType: .primary,
            isCaterer: false, uscc: "12440703000000019G", divisionCode: division, township: "环市街道", cityDirect: false,
            stationOrganId: OrganID("organ-440703-01"), supervisingDepartment: .education, servingMode: "自营",
            diners: 860, zones: [.z1, .z3],
            licenceNumber: licence, licenceIssuedOn: day("2024-03-18"), licenceValidTo: day(validTo), operating: true)
    }

    /// The same canteen before its licence.
    static func planned() -> CanteenPlanned {
        CanteenPlanned(
            canteenId: canteen, name: "第一食堂", schoolId: school, schoolName: "蓬江区紫茶示例小学", schoolType: .primary,
            isCaterer: false, uscc: "12440703000000019G", divisionCode: "440703", township: "环市街道",
            cityDirect: false, stationOrganId: OrganID("organ-440703-01"), supervisingDepartment: .education,
            servingMode: "自营", diners: 860, zones: [.z1, .z3], licenceAppliedOn: day("2026-11-02"))
    }

    static func changed(licence: String, validTo: String) -> CanteenChanged {
        CanteenChanged(
            canteenId: canteen, name: "第一食堂", schoolId: school, schoolName: "蓬江区紫茶示例小学", schoolType: .primary,
            isCaterer: false, uscc: "12440703000000019G", divisionCode: "440703", cityDirect: false,
            supervisingDepartment: .education, servingMode: "自营", diners: 860, zones: [.z1, .z3],
            licenceNumber: licence, licenceIssuedOn: day("2026-11-20"), licenceValidTo: day(validTo), operating: true)
    }

    static func camera(_ id: String, zone: ZoneCode, _ status: CameraStatus) -> CameraRegistered {
        CameraRegistered(
            cameraId: CameraID(id), canteenId: canteen, schoolId: school, name: "紫茶-食堂-烹饪-01", zone: zone,
            gbId: "44070300111327000001", enabledOn: day("2026-09-01"), isAnteroom: false, status: status)
    }

    static func found(
        _ id: String, origin: ProblemOrigin = .patrol, at found: String = "2026-11-20T10:05:00+08:00",
        rectifyBy: String = "2026-11-25T23:59:59+08:00", text: String = "两名员工未佩戴口罩"
    ) -> ProblemFound {
        ProblemFound(
            problemId: ProblemID(id), canteenId: canteen, schoolId: school, origin: origin, zone: .z3,
            itemCode: "Z3-03", itemText: "穿戴干净工作服帽", severity: 3, description: text, evidence: [],
            foundAt: time(found), acknowledgeBy: time(rectifyBy), rectifyBy: time(rectifyBy))
    }

    static func submitted(_ id: String) -> RectificationSubmitted {
        RectificationSubmitted(
            problemId: ProblemID(id), canteenId: canteen, schoolId: school, cause: "新员工未培训", measure: "已补发口罩并培训",
            prevention: "每日上岗前检查", evidence: [], submittedAt: time("2026-11-21T09:00:00+08:00"))
    }

    static func closed(_ id: String, _ outcome: ProblemOutcome) -> ProblemClosed {
        ProblemClosed(
            problemId: ProblemID(id), canteenId: canteen, schoolId: school, outcome: outcome,
            closedAt: time("2026-11-22T16:30:00+08:00"))
    }

    /// Gives the event to the service's own handler, in a transaction as its consumer does.
    static func tell<E: Event>(_ event: E, to service: DisclosureService, _ client: ServiceClient) async throws {
        let subscription = try #require(service.subscriptions.first { $0.type == E.type })
        let received = ReceivedEvent(
            id: EventID(rawValue: UUIDv7.string()), event: event, source: "urn:brightkitchen:test", sequence: nil,
            occurredAt: client.clock.now(), correlationId: "test", traceparent: nil, consumedBy: "disclosure")
        try await client.pool.transaction { try await subscription.handle([received], $0) }
    }
}
