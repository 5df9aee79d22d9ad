import Calendar
import Contracts
import Foundation
import TestSupport
import Testing

@testable import PatrolLedgerService

/// The weekly task against a real database: scenarios 4 to 8 of the design card.
struct WeekTests {
    /// Scenario 4: two patrols of four canteens do not make eight.
    @Test func quotaIsPerPatrol() async throws {
        try await PatrolWorld.run(canteens: 9) { world in
            let first = try await world.complete([1, 2, 3, 4], as: TestPersons.city)
            let second = try await world.complete([5, 6, 7, 8], as: TestPersons.city)
            #expect(first.state == .short && second.state == .short)
            #expect(first.ledgerNumber == "440700-2026-000001" && second.ledgerNumber == "440700-2026-000002")
            #expect(try await world.weekState(TestPersons.cityOrgan, "2026-W48") == nil)
            world.client.clock.set(Week(containing: world.client.clock.now()).end)
            _ = try await world.service.weekCloser.closeWeeks()
            #expect(try await world.weekState(TestPersons.cityOrgan, "2026-W48") == "missed")
            // Missed stays; a later patrol of the same week's number changes nothing.
            #expect(try await world.service.weekCloser.closeWeeks() == 0)
            #expect(try await world.events(WeekMissed.type).contains(TestPersons.cityOrgan.rawValue))
        }
    }

    @Test func eightInOnePatrolSatisfyTheCity() async throws {
        try await PatrolWorld.run(canteens: 9) { world in
            let closed = try await world.complete([1, 2, 3, 4, 5, 6, 7, 8], as: TestPersons.city)
            #expect(closed.state == .closed && closed.counted == 8 && closed.required == 8)
            #expect(try await world.weekState(TestPersons.cityOrgan, "2026-W48") == "satisfied")
            #expect(try await world.events(WeekSatisfied.type) == [TestPersons.cityOrgan.rawValue])
            #expect(try await world.events(VisitRecorded.type).count == 8)
            world.client.clock.set(Week(containing: world.client.clock.now()).end)
            _ = try await world.service.weekCloser.closeWeeks()
            #expect(try await world.weekState(TestPersons.cityOrgan, "2026-W48") == "satisfied")
        }
    }

    /// Scenario 5.
    @Test func stationWithOneCanteenNeedsOneAndWithNoneIsExempt() async throws {
        try await PatrolWorld.run(canteens: 1) { world in
            let closed = try await world.complete([1], as: TestPersons.station)
            #expect(closed.state == .closed && closed.required == 1)
            #expect(try await world.weekState(TestPersons.stationOrgan, "2026-W48") == "satisfied")
            world.client.clock.set(Week(containing: world.client.clock.now()).end)
            _ = try await world.service.weekCloser.closeWeeks()
            #expect(try await world.weekState(TestPersons.otherStationOrgan, "2026-W48") == "exempt")
        }
    }

    /// Caterers and canteens without a licence do not count.
    @Test func revokedLicencesAndCaterersLowerTheMinimum() async throws {
        try await PatrolWorld.run(canteens: 3) { world in
            try await world.addCanteen(50, isCaterer: true)
            try await world.receive(
                LicenceRevoked(
                    canteenId: world.canteenId(2), licenceNumber: "JY34407030000010",
                    revokedOn: LocalDate(world.client.clock.now()), reason: "revoked"))
            let organ = try #require(try await world.client.pool.organ(TestPersons.stationOrgan))
            #expect(try await world.client.pool.operatingCanteens(in: organ) == 2)
        }
    }

    /// Art 5: known before its licence, in no quota; it counts from the licence on.
    @Test func aPlannedCanteenCountsFromItsLicenceOn() async throws {
        try await PatrolWorld.run(canteens: 1) { world in
            let organ = try #require(try await world.client.pool.organ(TestPersons.stationOrgan))
            try await world.receive(
                CanteenPlanned(
                    canteenId: world.canteenId(60), name: "第一食堂", schoolId: SchoolID("school-60"),
                    schoolName: "示例小学60", schoolType: .primary, isCaterer: false, uscc: "12440703000000019G",
                    divisionCode: "440703", cityDirect: false, stationOrganId: TestPersons.stationOrgan,
                    countyOrganId: TestPersons.countyOrgan, cityOrganId: TestPersons.cityOrgan,
                    supervisingDepartment: .education, servingMode: "自营", diners: 500, zones: [.z3]))
            let planned = try #require(try await world.client.pool.canteen(world.canteenId(60)))
            #expect(planned.licenceNumber == nil && !planned.countsTowardsQuota)
            #expect(try await world.client.pool.operatingCanteens(in: organ) == 1)
            let suggestions = try await world.client.pool.suggestions(
                for: organ, today: LocalDate(world.client.clock.now()), now: world.client.clock.now())
            #expect(suggestions.map(\.canteenId) == [world.canteenId(1)])
            try await world.addCanteen(60)
            let registered = try #require(try await world.client.pool.canteen(world.canteenId(60)))
            #expect(registered.licenceNumber == "JY34407030000010" && registered.countsTowardsQuota)
            #expect(try await world.client.pool.operatingCanteens(in: organ) == 2)
        }
    }

    /// Scenario 6.
    @Test func sameCanteenEightTimesIsShort() async throws {
        try await PatrolWorld.run(canteens: 9) { world in
            let closed = try await world.complete(Array(repeating: 1, count: 8), as: TestPersons.city)
            #expect(closed.counted == 1 && closed.state == .short)
        }
    }

    /// Scenario 7.
    @Test func darkCanteenDoesNotCountAndRaisesADeviceFault() async throws {
        try await PatrolWorld.run(canteens: 9) { world in
            try await world.setCamera(8, .offline)
            let patrol = try await world.open(Array(1...8), as: TestPersons.city)
            for number in 1...7 { try await world.visit(number, in: patrol, as: TestPersons.city) }
            let heartbeat = try await Refusal.of {
                _ = try await world.service.desk.heartbeat(
                    patrol, camera: world.cameraId(8), by: world.caller(TestPersons.city))
            }
            #expect(heartbeat?.code == "camera_offline")
            let closed = try await world.service.desk.close(patrol, by: world.caller(TestPersons.city))
            #expect(closed.counted == 7 && closed.state == .short)
            let problem = try #require(try await world.client.pool.problems(ofPatrol: patrol).first)
            #expect(problem.itemCode == "D-01" && problem.canteenId == world.canteenId(8) && problem.state == .notified)
            #expect(closed.problemIds == [problem.problemId])
        }
    }

    /// Scenario 8.
    @Test func canteensOfAnotherAreaAreRefused() async throws {
        try await PatrolWorld.run(canteens: 5) { world in
            let refusal = try await Refusal.of { _ = try await world.open([1, 101], as: TestPersons.county) }
            #expect(refusal?.kind == .unprocessable && refusal?.code == "canteen_outside_area")
            _ = try await world.open([1, 101], as: TestPersons.city)
            let unknown = try await Refusal.of { _ = try await world.open([1, 999], as: TestPersons.county) }
            #expect(unknown?.code == "canteen_outside_area", "unknown and foreign canteens look alike")
        }
    }

    /// Scenario 22, through the closer.
    @Test func springFestivalWeekIsExempt() async throws {
        let start = try #require(Week(isoLabel: "2026-W08")).start
        try await PatrolWorld.run(canteens: 3, now: start + .seconds(3600)) { world in
            world.client.clock.set(try #require(Week(isoLabel: "2026-W08")).end)
            _ = try await world.service.weekCloser.closeWeeks()
            #expect(try await world.weekState(TestPersons.stationOrgan, "2026-W08") == "exempt")
            #expect(try await world.weekState(TestPersons.stationOrgan, "2026-W07") == "missed")
        }
    }

    @Test func weekRunningAtRegistrationIsNotMissed() async throws {
        try await PatrolWorld.run(canteens: 2) { world in
            let late = OrganID("organ-late")
            try await world.receive(
                OrganRegistered(
                    organId: late, name: "新设监管所", department: .marketSupervision, level: .station,
                    divisionCode: "440703", parentOrganId: TestPersons.countyOrgan, townships: []),
                at: world.client.clock.now())
            world.client.clock.set(Week(containing: world.client.clock.now()).end)
            _ = try await world.service.weekCloser.closeWeeks()
            #expect(try await world.weekState(late, "2026-W48") == nil)
        }
    }

    /// A patrol of the last minutes of Sunday keeps its week; the closer waits for it.
    @Test func patrolAcrossMidnightBelongsToTheWeekOfItsStart() async throws {
        let end = try #require(Week(isoLabel: "2026-W48")).end
        try await PatrolWorld.run(canteens: 1, now: end - .seconds(60)) { world in
            let patrol = try await world.open([1], as: TestPersons.station)
            try await world.visit(1, in: patrol, as: TestPersons.station)
            world.client.clock.set(end + .seconds(600))
            _ = try await world.service.weekCloser.closeWeeks()
            #expect(try await world.weekState(TestPersons.stationOrgan, "2026-W48") == nil)
            let closed = try await world.service.desk.close(patrol, by: world.caller(TestPersons.station))
            #expect(closed.state == .closed)
            #expect(try await world.weekState(TestPersons.stationOrgan, "2026-W48") == "satisfied")
            let entry = try #require(try await world.client.pool.ledgerEntry(closed.ledgerNumber))
            let content = try EventJSON.decode(LedgerContent.self, from: entry.content)
            #expect(content.recordedLate && content.week == "2026-W48")
        }
    }
}
