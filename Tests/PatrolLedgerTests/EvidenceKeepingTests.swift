import Access
import Calendar
import Contracts
import Foundation
import Journal
import Postgres
import TestSupport
import Testing

@testable import PatrolLedgerService

/// What happens to evidence between its seal and its disposal (scenarios 10 and 11).
struct EvidenceKeepingTests {
    private struct Review: Encodable {
        var verdict: String
        var reason: String?
    }
    private struct Reason: Encodable { var reason: String? }

    /// Scenario 11: unreviewed evidence cannot support a referral, and nobody reviews their own.
    @Test func reviewComesBeforeReferral() async throws {
        try await PatrolWorld.run { world in
            let (problem, evidence, _) = try await world.problemWithEvidence()
            let path = "/patrol/api/v1/evidence/\(evidence.evidenceId)"
            let refer = "/patrol/api/v1/problems/\(problem)/referral"
            let early = try await world.client.post(refer, as: TestPersons.county, json: Reason(reason: "屡次违规"))
            #expect(early.status == .conflict && early.problemCode == "evidence_unreviewed")
            let own = try await world.client.post(
                "\(path)/review", as: TestPersons.station, json: Review(verdict: "admissible"))
            #expect(own.status == .forbidden && own.problemCode == "own_work")
            let unreasoned = try await world.client.post(
                "\(path)/review", as: TestPersons.county, json: Review(verdict: "inadmissible"))
            #expect(unreasoned.status == .unprocessableContent && unreasoned.problemCode == "reason_required")
            let school = try await world.client.post(
                "\(path)/review", as: TestPersons.principal, json: Review(verdict: "admissible"))
            #expect(school.status == .forbidden)
            let no = Review(verdict: "inadmissible", reason: "画面模糊")
            #expect(
                try await world.client.post("\(path)/review", as: TestPersons.county, json: no).status == .noContent)
            let unusable = try await world.client.post(refer, as: TestPersons.county, json: Reason(reason: "屡次违规"))
            #expect(unusable.status == .conflict && unusable.problemCode == "no_admissible_evidence")
            let yes = Review(verdict: "admissible", reason: "原始画面清晰")
            #expect(
                try await world.client.post("\(path)/review", as: TestPersons.county, json: yes).status == .noContent)
            #expect(
                try await world.client.post(refer, as: TestPersons.county, json: Reason(reason: "屡次违规")).status
                    == .noContent)
            let final = try await world.client.post("\(path)/review", as: TestPersons.county, json: no)
            #expect(final.status == .conflict && final.problemCode == "evidence_referred")

            let view = try await world.client.get(path, as: TestPersons.county).json(EvidenceFileView.self)
            #expect(view.state == .held && view.held && view.verdict == .admissible, "a referral holds its evidence")
            #expect(view.custody.map(\.step) == [.sealed, .attached, .reviewed, .reviewed, .held])
            #expect(try await world.events(EvidenceReviewed.self).map(\.verdict) == ["inadmissible", "admissible"])
            let closed = try #require(try await world.events(ProblemClosed.self).first)
            #expect(closed.outcome == .referredToCase && closed.reason == "屡次违规")
        }
    }

    /// Scenario 10: file changed on disk → the night's check names it, marks the problem and tells everybody, once.
    @Test func aChangedFileIsFoundInTheNight() async throws {
        try await PatrolWorld.run { world in
            let (problem, evidence, _) = try await world.problemWithEvidence()
            let night = EvidenceNight(desk: world.service.desk, logger: .quiet("night"))
            #expect(try await night.isDue())
            #expect(try await night.work().failures.isEmpty)
            #expect(try await !night.isDue(), "once a night")
            let file = try world.evidenceFile(evidence.hash)
            try FileManager.default.removeItem(at: file)
            try Data("another picture".utf8).write(to: file)
            world.client.clock.advance(by: .seconds(86_400))
            #expect(try await night.isDue())
            #expect(try await night.work().failures.map(\.id) == [evidence.evidenceId.rawValue])
            #expect(try await night.work().failures.count == 1)
            let told = try await world.events(EvidenceIntegrityFailed.self)
            #expect(told.count == 1, "it is told when it is found, not every night")
            #expect(told.first?.problemIds == [problem] && told.first?.expectedHash == evidence.hash)
            #expect(told.first?.foundHash == EvidenceVault.hexDigest(Data("another picture".utf8)))
            let view = try await world.client.get(
                "/patrol/api/v1/problems/\(problem)", as: TestPersons.station
            ).json(ProblemView.self)
            #expect(view.timeline.contains { $0.step == .integrityFailed })
            let page = try await world.client.page("/patrol/problems/\(problem)", as: TestPersons.station)
            #expect(page.text.contains("未通过完整性校验"))
        }
    }

    @Test func aHoldOverridesRetentionAndDisposalLeavesARecord() async throws {
        try await PatrolWorld.run { world in
            let patrol = try await world.open([1, 2], as: TestPersons.station)
            let loose = try await world.sealStill(1, in: patrol, bytes: "loose")
            let held = try await world.sealStill(1, in: patrol, bytes: "held")
            let path = "/patrol/api/v1/evidence/\(held.evidenceId)"
            let early = try await world.client.post("\(path)/hold", as: TestPersons.county, json: Reason(reason: "r"))
            #expect(early.problemCode == "patrol_open", "a hold would announce the hidden patrol")
            try await world.visit(1, in: patrol, as: TestPersons.station)
            try await world.visit(2, in: patrol, as: TestPersons.station)
            _ = try await world.service.desk.close(patrol, by: world.caller(TestPersons.station))
            #expect(
                try await world.client.post("\(path)/hold", as: TestPersons.county, json: Reason(reason: "行政复议")).status
                    == .noContent)
            let again = try await world.client.post("\(path)/hold", as: TestPersons.county, json: Reason(reason: "r"))
            #expect(again.problemCode == "already_held")
            let retention = EvidenceRetention(desk: world.service.desk)
            #expect(try await retention.run() == 0)
            world.client.clock.advance(by: .seconds(91 * 86_400))
            #expect(try await retention.run() == 1)
            #expect(try await world.events(EvidenceDisposed.self).map(\.evidenceId) == [loose.evidenceId])
            #expect(try await world.service.desk.vault.check(loose.hash) == .missing)
            #expect(try await world.service.desk.vault.check(held.hash) == .intact)
            let gone = try await world.client.get(PatrolPaths.evidence(loose.evidenceId), as: TestPersons.station)
            #expect(gone.status == .gone && gone.problemCode == "evidence_disposed")
            let check = try await EvidenceNight(desk: world.service.desk, logger: .quiet("night")).work()
            #expect(check.failures.isEmpty, "what was disposed of by its record is not missing")
            #expect(
                try await world.client.post("\(path)/release", as: TestPersons.county, json: Reason(reason: "已办结"))
                    .status == .noContent)
            #expect(try await retention.run() == 1)
        }
    }

    /// The export is checked with nothing but the file and the key; every kind of change is named.
    @Test func anExportIsVerifiedOffline() async throws {
        try await PatrolWorld.run { world in
            let (problem, evidence, ledger) = try await world.problemWithEvidence()
            let path = "/patrol/api/v1/problems/\(problem)/export"
            let unreasoned = try await world.client.post(path, as: TestPersons.station, json: Reason())
            #expect(unreasoned.status == .unprocessableContent && unreasoned.problemCode == "reason_required")
            let early = try await world.client.post(path, as: TestPersons.station, json: Reason(reason: "移送"))
            #expect(early.problemCode == "not_in_checkpoint_yet")
            try await world.sequence()
            let answer = try await world.client.post(path, as: TestPersons.station, json: Reason(reason: "移送"))
            #expect(answer.status == .ok, "\(answer.text)")
            let bytes = [UInt8](answer.body.readableBytesView)
            let verifier = ExportVerifier(key: PatrolWorld.signer.key)
            let report = verifier.verify(bytes)
            #expect(report.failures == [] && report.evidence == 1 && report.ledgerEntries == 1)
            let custody = try await world.client.pool.custody(of: evidence.evidenceId)
            #expect(custody.last?.step == .exported && custody.last?.note == "移送")

            let zip = try ZipArchive(bytes)
            func tampered(_ name: String, _ change: (String) -> String) throws -> [String] {
                var other = ZipArchive()
                for file in zip.files {
                    let text = file.name == name ? change(String(decoding: file.bytes, as: UTF8.self)) : nil
                    other.add(file.name, text.map { Array($0.utf8) } ?? file.bytes)
                }
                return verifier.verify(try other.serialized()).failures
            }
            let original = "evidence/\(evidence.evidenceId).jpg"
            #expect(try tampered(original) { $0 + "x" }.contains { $0.contains(evidence.evidenceId.rawValue) })
            #expect(
                try tampered("ledger/\(ledger).json") { $0.replacing("菜筐", with: "面粉") }.contains {
                    $0.contains(ledger)
                })
            #expect(
                try tampered("manifest.json") { $0.replacing(evidence.hash, with: String(repeating: "0", count: 64)) }
                    .contains { $0.contains("sealed another hash") })
            #expect(try tampered("checkpoint") { $0.replacing("\n", with: "\n1", maxReplacements: 1) } != [])
            let leaf = try #require(zip.files.first { $0.name.hasPrefix("leaves/") }?.name)
            #expect(try tampered(leaf) { $0.replacing("actor", with: "aktor") }.contains { $0.contains("proof") })
            let stranger = try #require(
                NoteKey(name: "brightkitchen.example/patrol-ledger", publicKey: Array(repeating: 7, count: 32)))
            #expect(ExportVerifier(key: stranger).verify(bytes).failures.contains { $0.contains("signature") })
            #expect(verifier.verify(Array(bytes.dropLast(200))).failures.count == 1, "cut off")

            let school = try await world.client.post(path, as: TestPersons.principal, json: Reason(reason: "申诉"))
            #expect(school.status == .ok)
            let own = try ZipArchive([UInt8](school.body.readableBytesView))
            #expect(!own.files.contains { $0.name.hasPrefix("ledger/") }, "a school does not read the patrol ledger")
            #expect(
                try await world.client.post(path, as: TestPersons.education, json: Reason(reason: "r")).status
                    == .forbidden)
        }
    }
}
