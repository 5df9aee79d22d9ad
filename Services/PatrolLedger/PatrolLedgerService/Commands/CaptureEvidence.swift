import Contracts
import Foundation
import Journal
import Postgres

extension PatrolDesk {
    /// Takes a still or a clip from the camera's live stream into the vault. It needs seconds, so it runs outside any
    /// transaction; `record` then checks the patrol again and seals it. A file without a row, left by a crash in
    /// between, does no harm: the vault is by content.
    func takeEvidence(
        _ kind: EvidenceKind, camera cameraId: CameraID, patrol id: PatrolID, by caller: Caller
    ) async throws -> EvidenceRecord {
        let officer = try await officer(caller, pool)
        guard let open = try await pool.patrol(id), open.organId == officer.organ.organId else { throw Self.noPatrol }
        _ = try open.state.after(.work)
        let camera = try await patrolCamera(cameraId, in: id, pool)
        guard camera.delivers else { throw StreamCapture.noSignal }
        let canteen = try await visitedCanteen(camera.canteenId, in: id, pool)
        return try await WorkFolder.with { folder in
            let taken =
                switch kind {
                case .still: try await capture.still(gbId: camera.gbId, into: folder)
                case .clip: try await capture.clip(gbId: camera.gbId, into: folder)
                case .photograph:
                    throw Refusal.input("evidence_kind", field: "kind", zh: "只能抓拍图片或视频", en: "Only still or clip")
                }
            let sealed = try await vault.store(try Data(contentsOf: taken.file))
            let thumbnail = try await vault.store(
                try Data(contentsOf: try await capture.thumbnail(of: taken.file, into: folder)))
            return EvidenceRecord(
                evidenceId: .new(), kind: kind, canteenId: canteen.canteenId, schoolId: canteen.schoolId, patrolId: id,
                zone: camera.zone, cameraId: camera.cameraId, mediaType: taken.mediaType, sealed: sealed,
                thumbnailHash: thumbnail.hash, cameraTime: taken.cameraTime, serverTime: taken.serverTime,
                capturedBy: officer.person)
        }
    }

    /// Writes down what `takeEvidence` took, in the patrol that must still be running.
    func record(_ evidence: EvidenceRecord, patrol id: PatrolID, by caller: Caller) async throws {
        try await inTransaction { transaction in
            let officer = try await officer(caller, transaction)
            _ = try await runningPatrol(id, officer, transaction)
            try await seal(evidence, caller, transaction)
        }
    }

    /// Cleans a school's photograph for the rectification of a problem into the vault; `recordPhotograph` seals it, and
    /// it becomes part of the rectification when that is submitted.
    func takePhotograph(_ bytes: Data, to id: ProblemID, by caller: Caller) async throws -> EvidenceRecord {
        let (problem, canteen) = try await visibleProblem(id, caller, pool)
        try requireSchool(caller, canteen)
        guard problem.state.waitsForSchool else {
            throw Refusal.conflict("problem_state", zh: "当前状态不能上传照片", en: "Photographs are not awaited now")
        }
        guard try await pool.waitingPhotographs(of: id).count < Self.mostPhotographs else {
            throw Self.tooManyPhotographs
        }
        return try await WorkFolder.with { folder in
            let file = try await photographs.clean(bytes, into: folder)
            let sealed = try await vault.store(try Data(contentsOf: file))
            let small = try await capture.thumbnail(of: file, into: folder)
            let thumbnail = try await vault.store(try Data(contentsOf: small))
            return EvidenceRecord(
                evidenceId: .new(), kind: .photograph, canteenId: canteen.canteenId, schoolId: canteen.schoolId,
                zone: problem.zone, forProblemId: id, mediaType: "image/jpeg", sealed: sealed,
                thumbnailHash: thumbnail.hash, cameraTime: nil, serverTime: clock.now(), capturedBy: caller.person)
        }
    }

    func recordPhotograph(_ evidence: EvidenceRecord, by caller: Caller) async throws {
        guard let id = evidence.forProblemId else { throw Self.noProblem }
        try await inTransaction { transaction in
            guard let current = try await transaction.lockProblem(id), current.state.waitsForSchool else {
                throw Refusal.conflict("problem_state", zh: "当前状态不能上传照片", en: "Photographs are not awaited now")
            }
            // Counted again under the lock: uploads may come side by side.
            guard try await transaction.waitingPhotographs(of: id).count < Self.mostPhotographs else {
                throw Self.tooManyPhotographs
            }
            try await seal(evidence, caller, transaction)
        }
    }

    static let mostPhotographs = 9

    private static var tooManyPhotographs: Refusal {
        Refusal.input(
            "too_many_photos", field: "photos", zh: "每次整改最多上传 \(mostPhotographs) 张照片",
            en: "At most \(mostPhotographs) photographs")
    }

    /// Sealed in the journal at once, by its hash. Evidence of an open patrol log-only: an event on the topic would
    /// announce the patrol (flying checks); `evidence.sealed` follows when the patrol is closed.
    private func seal(_ evidence: EvidenceRecord, _ caller: Caller, _ transaction: PostgresTransaction) async throws {
        try await transaction.insert(evidence)
        try await transaction.appendCustody(
            .sealed, evidence.evidenceId, actor: caller.context.actor.rawValue, at: evidence.serverTime,
            note: evidence.hash)
        let entry: EventID
        if evidence.patrolId == nil {
            entry = try await transaction.publish(
                evidence.event, caller.context, occurredAt: evidence.serverTime)
        } else {
            entry = try await transaction.record(
                "brightkitchen.patrol.evidence.captured.v1", subject: evidence.evidenceId.rawValue,
                data: evidence.event, caller.context, occurredAt: evidence.serverTime)
        }
        try await transaction.execute(
            "UPDATE evidence SET seal_event_id = \(entry) WHERE evidence_id = \(evidence.evidenceId)")
    }
}
