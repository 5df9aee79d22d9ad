import Access
import Calendar
import Concurrency
import Contracts
import Foundation
import Journal
import Postgres
import ServiceKit

/// Recordings for staff: by the same decision as live pictures, with a reason, on record.
struct PlaybackDesk: Sendable {
    let pool: PostgresPool
    let clock: any WallClock
    let live: LiveState
    let door: VideoDoor
    /// Nil where no recordings are mounted.
    let recordings: RecordingFolder?
    let remuxer: Remuxer

    struct Wish: Sendable {
        let cameraId: CameraID
        let span: RecordedSpan
        let reason: ViewReason?
        let reference: String?
    }

    /// Begins a view of a recording; a refusal is written down like one of a live picture.
    func begin(_ wish: Wish, by principal: Principal, _ context: EventContext) async throws -> ViewSession {
        let now = clock.now()
        let asker = VideoAsker(principal: principal, loginHash: nil)
        do {
            let camera = try allowed(wish, principal, now)
            let session = ViewSession(
                sessionId: .new(), viewer: asker.identity, principal: principal, reason: wish.reason,
                cameraId: camera.cameraId, canteenId: camera.canteenId, schoolId: camera.schoolId, loginHash: nil,
                startedAt: now, expiresAt: now + ViewSession.recordedLength,
                allowedUntil: now + ViewRules.staffHorizon, endsBy: .expired, lastSegmentAt: now,
                recorded: wish.span)
            try await pool.transaction { tx in
                try await ViewSessionStore.insert(session, kind: asker.kind, reference: wish.reference, tx)
                try await tx.record(
                    "brightkitchen.parent-access.playback.started.v1", subject: camera.cameraId.rawValue,
                    data: PlaybackStarted(session, reference: wish.reference), context, occurredAt: now)
            }
            live.begin(session)
            return session
        } catch let refusal as ViewRefusal {
            try await door.writeDown(refusal, wish.cameraId, asker, context, now)
            throw refusal
        }
    }

    /// The camera, or the refusal.
    func allowed(_ wish: Wish, _ principal: Principal, _ now: Instant) throws -> CameraFacts {
        if let refusal = live.refusesPlayback(principal, wish.reason, camera: wish.cameraId, now: now) { throw refusal }
        guard let known = live.camera(wish.cameraId) else { throw ViewRefusal.cameraUnknown }
        if let refusal = live.streamLimit(.staff(principal.personId), school: known.camera.schoolId, now: now) {
            throw refusal
        }
        return known.camera
    }

    func folder() throws -> RecordingFolder {
        guard let recordings else { throw Problem.unavailable(code: "recordings_unavailable", retryAfter: 3600) }
        return recordings
    }

    /// One file of a running view: playlist or segment. 404 outside the span, 401/403 as for live pictures.
    func file(_ path: String, _ person: PersonID, now: Instant) async throws -> ServedRecording {
        switch live.authorize(originalURI: path, loginHash: nil, person: person, now: now) {
        case .refused(let refusal): throw refusal
        case .allowed(let gbId):
            guard let parsed = VideoPath(originalURI: path), let session = live.session(parsed.sessionId),
                let span = session.recorded
            else { throw ViewRefusal.path }
            let folder = try folder()
            guard let name = parsed.recordedFile else { return .playlist(try folder.playlist(of: gbId, span)) }
            guard let file = try folder.file(of: gbId, on: span.day, named: name) else { throw Problem.notFound }
            let url = folder.url(gbId, span.day, file)
            return .segment(
                try await remuxer.transportStream(url, isMP4: file.isMP4, second: file.second))
        }
    }
}

/// Log-only journal entry of the call register (公共安全视频图像信息系统管理条例 art 16(2)).
struct PlaybackStarted: Encodable, Sendable {
    let sessionId: ViewSessionID
    let cameraId: CameraID
    let viewer: String
    let reason: ViewReason?
    let reference: String?
    let recordedFrom: Instant?
    let recordedTo: Instant?

    init(_ session: ViewSession, reference: String?) {
        sessionId = session.sessionId
        cameraId = session.cameraId
        viewer = session.viewer.text
        reason = session.reason
        self.reference = reference
        recordedFrom = session.recorded?.from
        recordedTo = session.recorded?.to
    }
}

struct PlaybackEnded: Encodable, Sendable {
    let sessionId: ViewSessionID
    let cameraId: CameraID
    let endedBy: ViewEnd
}
