import Access
import Calendar
import Contracts
import TestSupport
import Testing

@testable import NotificationService

@Suite struct RuleTests {
    typealias Entry = ThreadState.Entry

    func at(_ seconds: Int) -> Instant { Instant(microseconds: Int64(seconds) * 1_000_000) }

    @Test func theStateOfAThreadDoesNotDependOnTheOrderOfArrival() {
        let story = [
            Entry(kind: .problemFound, occurredAt: at(0)), Entry(kind: .problemAcknowledged, occurredAt: at(1)),
            Entry(kind: .rectificationSubmitted, occurredAt: at(2)),
            Entry(kind: .rectificationReturned, occurredAt: at(3)),
            Entry(kind: .rectificationSubmitted, occurredAt: at(4)),
        ]
        for _ in 0..<20 { #expect(ThreadState.after(story.shuffled()) == .submitted) }
        let closed = [Entry(kind: .problemClosed, occurredAt: at(5))] + story
        #expect(ThreadState.after(closed.shuffled()) == .closed)
        #expect(ThreadState.after(Array(story.dropFirst())) == .incomplete)
    }

    @Test func theSchoolsDeadlineFollowsTheLifeCycle() {
        let school = Recipient.school(TestPersons.school)
        let organ = Recipient.organ(TestPersons.stationOrgan)
        func due(_ who: Recipient, _ state: ThreadState) -> Instant? {
            InboxDeadline.due(for: who, in: state, acknowledgeBy: at(1), rectifyBy: at(2))
        }
        #expect(due(school, .found) == at(1))
        #expect(due(organ, .found) == at(2))
        #expect(due(school, .acknowledged) == at(2))
        #expect(due(school, .submitted) == nil)
        #expect(due(organ, .submitted) == at(2))
        #expect(due(school, .closed) == nil && due(organ, .closed) == nil)
    }

    func knowledge(_ canteen: Canteen?, without missing: Set<OrganID> = []) -> BulletinRouting.Knowledge {
        let organs = City.organs.map {
            Organ(
                id: $0.organId, name: $0.name, department: $0.department, level: $0.level,
                divisionCode: $0.divisionCode, parentOrganId: nil)
        }.filter { !missing.contains($0.id) }
        return BulletinRouting.Knowledge(
            canteen: canteen, organs: Dictionary(organs.map { ($0.id, $0) }) { first, _ in first },
            bureaus: organs.filter { $0.department == canteen?.supervisingDepartment })
    }

    func route(_ canteen: Canteen?, finder: OrganID? = TestPersons.stationOrgan, without: Set<OrganID> = []) -> String {
        switch BulletinRouting.route(findingOrganId: finder, knowledge: knowledge(canteen, without: without)) {
        case .issue(let issuer, let receivers, _):
            "\(issuer.id) → \(receivers.map(\.id.rawValue).joined(separator: ", "))"
        case .wait(let reason): reason.rawValue
        }
    }

    @Test func technicalSchoolsGoToHumanResourcesAndTheRestToEducation() {
        #expect(route(City.canteen()) == "organ-440703 → organ-440703-edu")
        #expect(
            route(City.canteen(type: .technical, department: .humanResources, supervisor: TestPersons.hrOrgan))
                == "organ-440703 → organ-440703-hr")
    }

    @Test func withoutANamedBureauTheOneOfTheStoredDepartmentAndLevelReceives() {
        #expect(route(City.canteen(supervisor: nil)) == "organ-440703 → organ-440703-edu")
        #expect(route(City.canteen(supervisor: nil, cityDirect: true)) == "organ-440703 → organ-edu-city")
        #expect(
            route(City.canteen(supervisor: nil), without: [TestPersons.educationOrgan]) == "supervising_organ_unknown")
    }

    @Test func whatTheCityFindsTheCityIssues() {
        #expect(route(City.canteen(), finder: TestPersons.cityOrgan) == "organ-city → organ-440703-edu")
    }

    @Test func aCaterersBulletinGoesToTheCityRegulator() {
        #expect(
            route(City.canteen(type: .caterer, department: .marketSupervision, supervisor: nil, isCaterer: true))
                == "organ-440703 → organ-city")
    }

    @Test func whatIsMissingIsNamed() {
        #expect(route(nil) == "canteen_unknown")
        #expect(route(City.canteen(), without: [TestPersons.educationOrgan]) == "supervising_organ_not_registered")
        #expect(
            route(City.canteen(), without: [TestPersons.countyOrgan, TestPersons.cityOrgan])
                == "issuing_organ_not_registered")
        #expect(route(City.canteen(supervisor: TestPersons.hrOrgan)) == "department_mismatch")
    }

    @Test func numbersCarryDivisionYearAndSixDigits() throws {
        #expect(BulletinNumber.text(prefix: "440703", year: 2026, counter: 1) == "440703-TB-2026-000001")
        #expect(BulletinNumber.text(prefix: "440703", year: 2026, counter: 1_234_567) == "440703-TB-2026-1234567")
        // 16:30 UTC on 31 December is the next year in the city.
        #expect(BulletinNumber.year(try #require(Instant(rfc3339: "2026-12-31T16:30:00Z"))) == 2027)
    }

    @Test func theRetryScheduleSpansMoreThanADayAndJittersUpwardsOnly() {
        let lower = (1...7).compactMap { RetrySchedule.delay(afterStep: $0, retryAfter: nil, random: 0) }
        #expect(lower == RetrySchedule.delays)
        #expect(lower.reduce(.zero, +) > .seconds(24 * 3600))
        #expect(RetrySchedule.delay(afterStep: 1, retryAfter: nil, random: 1) == .seconds(6))
        #expect(RetrySchedule.delay(afterStep: 8, retryAfter: nil, random: 0) == nil)
    }

    @Test func retryAfterLengthensButNeverShortensADelay() {
        #expect(RetrySchedule.delay(afterStep: 1, retryAfter: .seconds(120), random: 0) == .seconds(120))
        #expect(RetrySchedule.delay(afterStep: 2, retryAfter: .seconds(1), random: 0) == .seconds(300))
        #expect(RetrySchedule.delay(afterStep: 1, retryAfter: .seconds(9_000_000), random: 0) == .seconds(86_400))
    }

    @Test func retryAfterIsReadAsSecondsAndAsDate() throws {
        let now = try #require(Instant(rfc3339: "2026-11-23T01:00:00Z"))
        #expect(RetryAfter.parse("90", now: now) == .seconds(90))
        #expect(RetryAfter.parse("Mon, 23 Nov 2026 01:02:00 GMT", now: now) == .seconds(120))
        #expect(RetryAfter.parse("Mon, 23 Nov 2026 00:00:00 GMT", now: now) == .zero)
        // A receiver may say anything: beyond what a time can hold there is no wish to honour.
        #expect(RetryAfter.parse("Fri, 01 Jan 999999 00:00:00 GMT", now: now) == nil)
        for malformed in [nil, "", "soon", "-5", "1.5", "99999999999999999999"] {
            #expect(RetryAfter.parse(malformed, now: now) == nil)
        }
    }

    @Test func verdicts() {
        func verdict(_ outcome: DeliveryVerdict.Outcome, step: Int = 1, isTest: Bool = false) -> DeliveryVerdict {
            DeliveryVerdict.decide(outcome, step: step, isTest: isTest, random: 0)
        }
        #expect(verdict(.response(status: 204, retryAfter: nil)) == .delivered)
        #expect(verdict(.response(status: 410, retryAfter: nil)) == .pause(.gone))
        #expect(verdict(.response(status: 302, retryAfter: nil)) == .retry(after: .seconds(5)))
        #expect(verdict(.response(status: 429, retryAfter: .seconds(60))) == .retry(after: .seconds(60)))
        #expect(verdict(.error("timed_out"), step: 7) == .retry(after: .seconds(36_000)))
        #expect(verdict(.error("timed_out"), step: 8) == .pause(.failing))
        #expect(verdict(.error("timed_out"), isTest: true) == .testFailed)
        #expect(verdict(.response(status: 410, retryAfter: nil), isTest: true) == .testFailed)
    }

    @Test func aTooLargeEventIsSentAsAReference() throws {
        let attributes = CloudEventBody.Attributes(
            id: "e-1", source: "urn:x", type: "t", subject: "s\"\n", time: at(0), partitionKey: "k",
            dataRef: "https://x/y")
        struct Data: Codable { let text: String }
        struct Envelope: Decodable {
            let specversion: String
            let subject: String
            let dataref: String
            let data: Data?
        }
        for (length, hasData) in [(10, true), (30_000, false)] {
            let body = try CloudEventBody.encode(attributes, data: Data(text: String(repeating: "字", count: length)))
            #expect(body.count < 20_000)
            let envelope = try EventJSON.decode(Envelope.self, from: body)
            #expect(envelope.specversion == "1.0" && envelope.subject == "s\"\n" && envelope.dataref == "https://x/y")
            #expect((envelope.data != nil) == hasData)
        }
    }

    @Test func jurisdictionIsTheMatrixs() throws {
        let canteen = City.canteen()
        let covering = City.organs.map {
            Organ(
                id: $0.organId, name: $0.name, department: $0.department, level: $0.level,
                divisionCode: $0.divisionCode, parentOrganId: nil)
        }.filter { Jurisdiction.covers($0, canteen, policy: AccessPolicy()) }.map(\.id.rawValue)
        #expect(
            covering == ["organ-city", "organ-440703", "organ-440703-01", "organ-440703-edu", "organ-edu-city"])
    }
}
