import Access
import Calendar
import Contracts
import Foundation
import Postgres
import TestSupport
import Testing

@testable import PatrolLedgerService

/// A patrol from its start to the ledger, and what nobody may do to it.
struct PatrolTests {
    @Test func personWithoutAppointmentIsRefused() async throws {
        try await PatrolWorld.run { world in
            var stranger = TestPersons.station
            stranger.personId = PersonID("person-nobody")
            let refusal = try await Refusal.of { _ = try await world.open([1], as: stranger) }
            #expect(refusal?.kind == .forbidden && refusal?.code == "not_appointed")
            try await world.receive(
                StaffDismissed(
                    personId: TestPersons.station.personId, role: .stationOfficer, organId: TestPersons.stationOrgan,
                    endedOn: LocalDate(world.client.clock.now())))
            let dismissed = try await Refusal.of { _ = try await world.open([1], as: TestPersons.station) }
            #expect(dismissed?.code == "not_appointed", "rights end the same day")
        }
    }

    @Test func basisIsNeeded() async throws {
        try await PatrolWorld.run { world in
            let desk = world.service.desk
            let caller = world.caller(TestPersons.station)
            let orders: [(PatrolOrder, String)] = [
                (PatrolOrder(basis: [], canteenIds: [world.canteenId(1)]), "basis_required"),
                (PatrolOrder(basis: [.doubleRandom], canteenIds: [world.canteenId(1)]), "basis_reference_required"),
                (PatrolOrder(basis: [.daily], canteenIds: []), "canteens_required"),
            ]
            for (order, code) in orders {
                let refusal = try await Refusal.of { _ = try await desk.open(order, by: caller) }
                #expect(refusal?.code == code)
            }
        }
    }

    @Test func watchingIsProvenByTheServersClock() async throws {
        try await PatrolWorld.run { world in
            let caller = world.caller(TestPersons.station)
            let patrol = try await world.open([1], as: TestPersons.station)
            func beat(after seconds: Int) async throws -> Int {
                world.client.clock.advance(by: .seconds(seconds))
                return try await world.service.desk.heartbeat(patrol, camera: world.cameraId(1), by: caller)
                    .viewedSeconds
            }
            #expect(try await beat(after: 0) == 0)
            #expect(try await beat(after: 5) == 5)
            #expect(try await beat(after: 5) == 10)
            #expect(try await beat(after: 60) == 10, "a gap is not watching")
            #expect(try await beat(after: 5) == 15)
            let foreign = try await Refusal.of {
                _ = try await world.service.desk.heartbeat(patrol, camera: world.cameraId(2), by: caller)
            }
            #expect(foreign?.code == "camera_not_in_patrol")
        }
    }

    /// Without a script: what is stated is believed only where parent access has a record.
    @Test func statedViewNeedsARecord() async throws {
        try await PatrolWorld.run { world in
            let patrol = try await world.open([1], as: TestPersons.station)
            let start = world.client.clock.now()
            world.client.clock.advance(by: .seconds(120))
            func state(_ from: Int, _ to: Int) async throws -> ViewProgress {
                try await world.service.desk.stateViewed(
                    patrol, canteen: world.canteenId(1), zone: .z3, from: start + .seconds(from),
                    to: start + .seconds(to),
                    by: world.caller(TestPersons.station))
            }
            #expect(try await Refusal.of { _ = try await state(0, 60) }?.code == "no_view_record")
            let session = ViewSessionID.new()
            try await world.receive(
                ViewStarted(
                    sessionId: session, canteenId: world.canteenId(1), cameraId: world.cameraId(1),
                    viewer: "person:\(TestPersons.station.personId)", viewerKind: "regulator", reason: "patrol",
                    startedAt: start + .seconds(20)))
            #expect(try await state(0, 60).viewedSeconds == 40)
            #expect(try await Refusal.of { _ = try await state(0, 500) }?.code == "view_window")
            // The end of the session is proof by itself.
            try await world.receive(
                ViewEnded(
                    sessionId: session, canteenId: world.canteenId(1), cameraId: world.cameraId(1),
                    endedBy: .closedByViewer, endedAt: start + .seconds(100)))
            #expect(try await world.client.pool.views(of: patrol).seconds(canteen: world.canteenId(1), zone: .z3) == 80)
        }
    }

    @Test func closingWritesEverythingAtOnce() async throws {
        try await PatrolWorld.run { world in
            let person = TestPersons.station
            let patrol = try await world.open([1, 2], as: person)
            let violation = ItemFinding(
                code: "Z3-07", result: .violation, note: "菜筐直接放在地上", noEvidenceReason: "画面被遮挡")
            try await world.visit(1, in: patrol, as: person, [violation])
            try await world.visit(2, in: patrol, as: person)
            #expect(try await world.events(ProblemFound.type).isEmpty, "nobody learns of it before the submission")
            let closed = try await world.service.desk.close(patrol, by: world.caller(person))
            #expect(closed.state == .closed && closed.counted == 2 && closed.problemIds.count == 1)
            #expect(closed.ledgerNumber == "440703S01-2026-000001")
            for type in [ProblemFound.type, PatrolClosed.type, LedgerAppended.type, WeekSatisfied.type] {
                #expect(try await world.events(type).count == 1, "\(type)")
            }
            let entry = try #require(try await world.client.pool.ledgerEntry(closed.ledgerNumber))
            #expect(EvidenceVault.hexDigest(entry.content) == entry.contentHash)
            let content = try EventJSON.decode(LedgerContent.self, from: entry.content)
            #expect(content.canteens.count == 2 && content.problems.count == 1 && content.meetsQuota)
            #expect(content.canteens[0].zones[0].items.count == 8 && content.canteens[0].zones[0].viewedSeconds == 35)
            #expect(content.problems[0].itemCode == "Z3-07" && content.problems[0].severity == 2)
            let again = try await Refusal.of {
                _ = try await world.service.desk.close(patrol, by: world.caller(person))
            }
            #expect(again?.code == "patrol_state")
        }
    }

    @Test func nothingSubmittedCannotBeClosed() async throws {
        try await PatrolWorld.run { world in
            let patrol = try await world.open([1], as: TestPersons.station)
            let refusal = try await Refusal.of {
                _ = try await world.service.desk.close(patrol, by: world.caller(TestPersons.station))
            }
            #expect(refusal?.code == "nothing_recorded")
            world.client.clock.advance(by: .seconds(25 * 3600))
            let tooLong = try await Refusal.of {
                _ = try await world.service.desk.close(patrol, by: world.caller(TestPersons.station))
            }
            #expect(tooLong?.code == "patrol_too_long")
            try await world.service.desk.cancel(patrol, reason: "网络中断", by: world.caller(TestPersons.station))
            #expect(try await world.client.pool.patrol(patrol)?.state == .cancelled)
        }
    }

    @Test func incompleteSheetSaysWhatIsMissing() async throws {
        try await PatrolWorld.run { world in
            let patrol = try await world.open([1], as: TestPersons.station)
            let caller = world.caller(TestPersons.station)
            var entry = world.sheet()
            entry.findings[0].result = nil
            let faults = await #expect(throws: SheetIncomplete.self) {
                try await world.service.desk.submitSheet(
                    entry, patrol: patrol, canteen: world.canteenId(1), zone: .z3, by: caller)
            }
            #expect(faults?.faults.contains(.itemMissing("Z3-01")) == true)
            #expect(faults?.faults.contains(.notViewed("Z3-02")) == true)
            try await world.service.desk.saveDraft(
                entry, patrol: patrol, canteen: world.canteenId(1), zone: .z3, by: caller)
            let sheet = try #require(try await world.client.pool.sheets(of: patrol).first)
            #expect(!sheet.isSubmitted && sheet.findings.count == 8)
        }
    }

    @Test func urgentViolationIsNotifiedBeforeTheSubmission() async throws {
        try await PatrolWorld.run { world in
            let person = TestPersons.station
            let patrol = try await world.open([1], as: person)
            try await world.watch(1, in: patrol, as: person)
            let recycled = ItemFinding(
                code: "Z3-08", result: .violation, note: "回收菜重新加热", noEvidenceReason: "现场核查")
            var entry = world.sheet(.z3, [recycled])
            entry.notifyNow = ["Z3-08"]
            try await world.service.desk.submitSheet(
                entry, patrol: patrol, canteen: world.canteenId(1), zone: .z3, by: world.caller(person))
            let problem = try #require(try await world.client.pool.problems(ofPatrol: patrol).first)
            #expect(problem.severity == 1 && problem.state == .notified)
            #expect(problem.acknowledgeBy == world.client.clock.now() + .seconds(1800))
            // Submitting the zone again does not raise it twice, and the patrol's entry names it.
            try await world.service.desk.submitSheet(
                entry, patrol: patrol, canteen: world.canteenId(1), zone: .z3, by: world.caller(person))
            let closed = try await world.service.desk.close(patrol, by: world.caller(person))
            #expect(closed.problemIds == [problem.problemId])
            #expect(try await world.events(ProblemFound.type).count == 1)
        }
    }

    @Test func ledgerNumbersHaveNoGapsUnderConcurrency() async throws {
        try await PatrolWorld.run(canteens: 2) { world in
            let person = TestPersons.station
            var patrols: [PatrolID] = []
            for _ in 0..<8 {
                let patrol = try await world.open([1], as: person)
                try await world.visit(1, in: patrol, as: person)
                patrols.append(patrol)
            }
            // Every second one fails after having taken its number: the number must come back.
            struct Killed: Error {}
            let numbers = try await withThrowingTaskGroup(of: String?.self) { group in
                for (index, patrol) in patrols.enumerated() {
                    group.addTask {
                        do {
                            return try await world.client.pool.transaction { transaction in
                                let desk = world.service.desk.within(transaction)
                                let closed = try await desk.close(patrol, by: world.caller(person))
                                if index % 2 == 1 { throw Killed() }
                                return closed.ledgerNumber
                            }
                        } catch is Killed {
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: [String]()) { if let number = $1 { $0.append(number) } }
            }
            #expect(numbers.sorted() == (1...4).map { "440703S01-2026-00000\($0)" })
        }
    }

    @Test func ledgerCannotBeChanged() async throws {
        try await PatrolWorld.run(canteens: 1) { world in
            let closed = try await world.complete([1], as: TestPersons.station)
            await #expect(throws: PostgresError.self) {
                try await world.client.pool.execute("UPDATE ledger_entry SET content_hash = 'x'")
            }
            await #expect(throws: PostgresError.self) {
                try await world.client.pool.execute("DELETE FROM ledger_entry")
            }
            let verifier = EvidenceVerifier(
                pool: world.client.pool, vault: world.service.desk.vault, clock: world.client.clock)
            #expect(try await verifier.verify().failures.isEmpty)
            // A superuser can: the verifier names the entry.
            try await world.client.pool.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ALL")
            try await world.client.pool.execute(
                "UPDATE ledger_entry SET content = set_byte(content, 20, 65), content_hash = content_hash")
            let report = try await verifier.verify()
            #expect(report.failures.map(\.id) == [closed.ledgerNumber])
        }
    }

    /// An autosave that arrives after the submission must not turn the sheet into a draft.
    @Test func aLateAutosaveLeavesASubmittedSheetAlone() async throws {
        try await PatrolWorld.run { world in
            let person = TestPersons.station
            let patrol = try await world.open([1, 2], as: person)
            try await world.visit(1, in: patrol, as: person)
            try await world.visit(2, in: patrol, as: person)
            func save(_ changed: [ItemFinding]) async throws -> Refusal? {
                try await Refusal.of {
                    try await world.service.desk.saveDraft(
                        world.sheet(.z3, changed), patrol: patrol, canteen: world.canteenId(1), zone: .z3,
                        by: world.caller(person))
                }
            }
            #expect(try await save([]) == nil, "the same content once more")
            let late = try await save([ItemFinding(code: "Z3-07", result: .violation, note: "迟到的自动保存")])
            #expect(late?.kind == .conflict && late?.code == "sheet_submitted")
            let closed = try await world.service.desk.close(patrol, by: world.caller(person))
            #expect(closed.counted == 2 && closed.problemIds.isEmpty)
        }
    }
}
