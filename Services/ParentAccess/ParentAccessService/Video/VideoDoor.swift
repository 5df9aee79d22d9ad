import Access
import Calendar
import Concurrency
import Contracts
import Journal
import Postgres
import ServiceKit

/// Tickets and view sessions for every kind of viewer: decides on the live state, writes down what it decided.
struct VideoDoor: Sendable {
    let pool: PostgresPool
    let clock: any WallClock
    let live: LiveState
    let refusals: RefusalTally

    /// Issues a ticket, or throws a `ViewRefusal` after writing it down.
    func issue(
        camera: CameraID, reason: ViewReason?, reference: String?, to asker: VideoAsker, _ context: EventContext
    ) async throws -> (token: SecretToken, expiresAt: Instant) {
        let now = clock.now()
        do {
            _ = try allowed(camera, reason, asker, now)
        } catch let refusal as ViewRefusal {
            try await writeDown(refusal, camera, asker, context, now)
            throw refusal
        }
        let token = SecretToken.random()
        let ticket = Ticket(
            viewer: asker.identity.text, loginHash: asker.loginHash, cameraId: camera, reason: reason,
            reference: reference, expiresAt: now + Ticket.lifetime, usedAt: nil)
        try await pool.transaction { tx in
            try await TicketStore.insert(token, ticket, now: now, tx)
            // The call register of the video regulation, art 16(2): kept also when nothing was watched in the end.
            try await tx.record(
                "brightkitchen.parent-access.ticket.issued.v1", subject: camera.rawValue,
                data: TicketIssued(
                    cameraId: camera, viewer: ticket.viewer, viewerKind: asker.kind, reason: reason,
                    reference: reference, expiresAt: ticket.expiresAt), context, occurredAt: now)
        }
        return (token, ticket.expiresAt)
    }

    /// Turns a ticket into a running session. A second use, another viewer, a late start: refused.
    func start(_ token: SecretToken?, by asker: VideoAsker, _ context: EventContext) async throws -> ViewSession {
        let now = clock.now()
        var camera: CameraID?
        do {
            guard let token, let ticket = try await TicketStore.find(token.hash, pool) else {
                throw ViewRefusal.ticketInvalid
            }
            camera = ticket.cameraId
            guard ticket.viewer == asker.identity.text, ticket.loginHash == asker.loginHash else {
                throw ViewRefusal.ticketInvalid
            }
            guard ticket.usedAt == nil else { throw ViewRefusal.ticketUsed }
            guard now < ticket.expiresAt else { throw ViewRefusal.ticketExpired }
            return try await begin(ticket, token.hash, asker, context, now)
        } catch let refusal as ViewRefusal {
            try await writeDown(refusal, camera, asker, context, now)
            throw refusal
        }
    }

    /// The viewer leaves. False when the session had ended.
    func end(_ session: ViewSession, by cause: ViewEnd, _ context: EventContext) async throws -> Bool {
        let now = clock.now()
        return try await pool.transaction { tx in
            guard try await ViewSessionStore.end(session.sessionId, by: cause, now: now, tx) else { return false }
            try await Self.recordEnd(of: session, cause, context, now, tx)
            let live = live
            tx.afterCommit { live.end(session.sessionId, by: cause) }
            return true
        }
    }

    /// A renewed session's end, once a minute at most: a page asks every few seconds.
    func writeDownRenewal(of session: ViewSession, before: ViewSession) async throws {
        let written = before.startedAt + ViewSession.length
        let minutesOn = (session.expiresAt - written).components.seconds / 60
        let minutesBefore = (before.expiresAt - written).components.seconds / 60
        guard minutesOn != minutesBefore else { return }
        try await ViewSessionStore.setExpiry(session.sessionId, session.expiresAt, pool)
    }

    // MARK: parts

    private func begin(
        _ ticket: Ticket, _ hash: [UInt8], _ asker: VideoAsker, _ context: EventContext, _ now: Instant
    ) async throws -> ViewSession {
        let session = try await pool.transaction { tx in
            guard try await TicketStore.take(hash, viewer: ticket.viewer, now: now, tx) != nil else {
                throw ViewRefusal.ticketUsed
            }
            // One start at a time for each viewer and school, on whichever replica: the limits are exact.
            try await ViewSessionStore.lock(
                viewer: ticket.viewer, school: live.camera(ticket.cameraId)?.camera.schoolId, tx)
            // The right may have gone in the minute since the ticket was issued.
            let (facts, until, endsBy) = try allowed(ticket.cameraId, ticket.reason, asker, now)
            let session = ViewSession(
                sessionId: .new(), viewer: asker.identity, principal: asker.isRepresentative ? nil : asker.principal,
                reason: ticket.reason, cameraId: facts.cameraId, canteenId: facts.canteenId, schoolId: facts.schoolId,
                loginHash: asker.loginHash, startedAt: now, expiresAt: now + ViewSession.length, allowedUntil: until,
                endsBy: endsBy, lastSegmentAt: now, ended: nil)
            var events: [any Event] = []
            if asker.isRepresentative {
                let replaced = try await ViewSessionStore.endAll(of: asker.identity, by: .replaced, now: now, tx)
                events = replaced.map { Self.ended($0, .replaced, now) }
            }
            try await checkLimit(asker, facts.schoolId, now, tx)
            try await ViewSessionStore.insert(session, kind: asker.kind, reference: ticket.reference, tx)
            events.append(
                ViewStarted(
                    sessionId: session.sessionId, canteenId: session.canteenId, cameraId: session.cameraId,
                    viewer: session.viewer.text, viewerKind: asker.kind, reason: ticket.reason?.rawValue,
                    startedAt: now))
            try await tx.publish(events, context, occurredAt: now)
            return session
        }
        live.begin(session)
        return session
    }

    private func allowed(
        _ camera: CameraID, _ reason: ViewReason?, _ asker: VideoAsker, _ now: Instant
    ) throws -> (camera: CameraFacts, until: Instant, endsBy: ViewEnd) {
        let viewer: Viewer
        if asker.isRepresentative {
            guard let hash = asker.loginHash, let known = live.representative(loginHash: hash, now: now),
                asker.identity == .representative(known.account.representativeId)
            else { throw ViewRefusal.notSignedIn }
            guard known.account.consentVersion == Consent.currentVersion else { throw ViewRefusal.consentMissing }
            viewer = .representative(known.account, grants: known.grants)
        } else {
            viewer = .staff(asker.principal, reason: reason)
        }
        switch live.decide(viewer, camera: camera, now: now) {
        case .refused(let refusal): throw refusal
        case .allowed(let until, let endsBy):
            guard let facts = live.camera(camera)?.camera else { throw ViewRefusal.cameraUnknown }
            if let refusal = live.streamLimit(asker.identity, school: facts.schoolId, now: now) { throw refusal }
            return (facts, until, endsBy)
        }
    }

    /// The same limits as in memory, counted in the database: another replica may have started a view this very moment.
    private func checkLimit(
        _ asker: VideoAsker, _ school: SchoolID, _ now: Instant, _ tx: PostgresTransaction
    ) async throws {
        let limits = live.city(at: now).streams
        if asker.isRepresentative {
            let running = try await ViewSessionStore.countRunning(school: school, tx)
            if running >= limits.perSchool { throw ViewRefusal.schoolLimit }
        } else {
            let running = try await ViewSessionStore.countRunning(viewer: asker.identity, tx)
            if running >= limits.perPerson { throw ViewRefusal.staffLimit }
        }
    }

    func writeDown(
        _ refusal: ViewRefusal, _ camera: CameraID?, _ asker: VideoAsker, _ context: EventContext, _ now: Instant
    ) async throws {
        let school = asker.principal.schoolId ?? camera.flatMap { live.camera($0)?.camera.schoolId }
        let key = RefusalTally.Key(viewer: asker.identity.text, school: school, reason: refusal.rawValue)
        guard refusals.isSingle(key, now: now) else { return }
        try await pool.transaction { tx in
            if let school {
                try await tx.publish(
                    TicketRefused(
                        schoolId: school, viewer: asker.identity.text, reason: refusal.rawValue, refusedAt: now),
                    context, occurredAt: now)
            } else {
                // An officer asked for a camera that does not exist: no school's stream to put it into.
                try await tx.record(
                    "brightkitchen.parent-access.ticket.refused-unknown.v1", subject: asker.identity.text,
                    data: RefusedUnknown(reason: refusal.rawValue, count: nil), context, occurredAt: now)
            }
        }
    }

    /// A live view's end is published; a recording's stays in the journal: nobody else counts it.
    static func recordEnd(
        of session: ViewSession, _ cause: ViewEnd, _ context: EventContext, _ now: Instant, _ tx: PostgresTransaction
    ) async throws {
        if session.recorded == nil {
            try await tx.publish(ended(session, cause, now), context, occurredAt: now)
        } else {
            try await tx.record(
                "brightkitchen.parent-access.playback.ended.v1", subject: session.cameraId.rawValue,
                data: PlaybackEnded(sessionId: session.sessionId, cameraId: session.cameraId, endedBy: cause), context,
                occurredAt: now)
        }
    }

    static func ended(_ session: ViewSession, _ cause: ViewEnd, _ now: Instant) -> ViewEnded {
        ViewEnded(
            sessionId: session.sessionId, canteenId: session.canteenId, cameraId: session.cameraId, endedBy: cause,
            endedAt: now)
    }
}

/// Log-only journal entry: somebody asked for a camera that nobody has.
struct RefusedUnknown: Encodable, Sendable {
    let reason: String
    let count: Int?
}

/// Log-only journal entry of the call register.
struct TicketIssued: Encodable, Sendable {
    let cameraId: CameraID
    let viewer: String
    let viewerKind: String
    let reason: ViewReason?
    let reference: String?
    let expiresAt: Instant
}
