import Access
import Calendar
import Concurrency
import Contracts
import Synchronization

/// Everything a decision about video depends on, in memory: the authorisation of a segment touches no database.
///
/// Filled from the database at start, told of every committed change by `LiveRefresher`, and asked under one lock. An
/// ended session stays ended: a late reading of the database cannot bring it back.
final class LiveState: Sendable {
    struct Tables: Sendable {
        var cameras: [CameraID: CameraFacts] = [:]
        var canteens: [CanteenID: CanteenFacts] = [:]
        var representatives: [RepresentativeID: RepresentativeAccount] = [:]
        var grants: [RepresentativeID: [GrantID: ViewGrant]] = [:]
        var logins: [[UInt8]: ParentLogin] = [:]
        var sessions: [ViewSessionID: ViewSession] = [:]
        var sessionsOfViewer: [ViewerIdentity: Set<ViewSessionID>] = [:]
        /// Appointments that ended, with their last day: a token that is still valid does not help.
        var dismissed: [Appointment: LocalDate] = [:]
        /// Calendars and caterers' contracts.
        var schools: [SchoolID: SchoolFacts] = [:]
        /// Every version of the city's limits.
        var cityRules: [CityRules] = []
        var isLoaded = false
    }

    private let rules: ViewRules
    /// Counts until the city decides a version of its own.
    private let standard: CityRules
    private let tables = Mutex(Tables())

    init(rules: ViewRules, streams: StreamLimits = .standard, quota: Int = 60, guestDays: Int = 14) {
        self.rules = rules
        standard = CityRules(
            version: "standard", effectiveFrom: Instant(microseconds: 0), limits: rules.limits,
            streams: streams, quota: quota, guestDays: guestDays)
    }

    /// The city's outer limits that are in force.
    func city(at now: Instant) -> CityRules {
        tables.withLock { $0.city(at: now, standard: standard) }
    }

    /// The weekday whose windows apply at a school on a day.
    func weekday(of school: SchoolID) -> (LocalDate) -> Int? {
        rules.weekday(tables.withLock { $0.schools[school] ?? .none })
    }

    /// Calendar and suppliers of a school.
    func school(_ id: SchoolID) -> SchoolFacts {
        tables.withLock { $0.schools[id] ?? .none }
    }

    func withTables<T>(_ body: (inout sending Tables) -> sending T) -> sending T {
        tables.withLock { body(&$0) }
    }

    // MARK: who

    /// The representative whose cookie this is, or nil. Counts as use of the session.
    func representative(loginHash: [UInt8], now: Instant) -> (account: RepresentativeAccount, grants: [ViewGrant])? {
        tables.withLock { tables in
            guard let login = tables.logins[loginHash], login.isValid(at: now),
                let account = tables.representatives[login.representativeId], account.state.isUsable,
                now < account.expiresAt
            else { return nil }
            tables.logins[loginHash]?.lastSeenAt = max(login.lastSeenAt, now)
            return (account, tables.grants(of: account.representativeId))
        }
    }

    /// Was the cookie ever seen here? Says nothing about its being valid.
    func knows(loginHash: [UInt8]) -> Bool {
        tables.withLock { $0.logins[loginHash] != nil }
    }

    // MARK: decisions

    /// Asked before a ticket is issued and again when it is used.
    func decide(_ viewer: Viewer, camera id: CameraID, now: Instant) -> ViewDecision {
        tables.withLock { tables in
            if case .staff(let principal, _) = viewer, tables.isDismissed(principal, now: now) {
                return .refused(.roleNotAllowed)
            }
            let camera = tables.cameras[id]
            var school = SchoolFacts.none
            if case .representative(let account, _) = viewer { school = tables.schools[account.schoolId] ?? .none }
            return tables.rules(rules, standard, at: now).decide(
                viewer, camera: camera, canteen: camera.flatMap { tables.canteens[$0.canteenId] }, school: school,
                now: now)
        }
    }

    /// The same question about a recording; nil when it may be seen.
    func refusesPlayback(
        _ principal: Principal, _ reason: ViewReason?, camera id: CameraID, now: Instant
    ) -> ViewRefusal? {
        tables.withLock { tables in
            if tables.isDismissed(principal, now: now) { return .roleNotAllowed }
            let camera = tables.cameras[id]
            return rules.refusesPlayback(
                principal, reason: reason, camera: camera,
                canteen: camera.flatMap { tables.canteens[$0.canteenId] })
        }
    }

    func camera(_ id: CameraID) -> (camera: CameraFacts, canteen: CanteenFacts)? {
        tables.withLock { tables in
            guard let camera = tables.cameras[id], let canteen = tables.canteens[camera.canteenId] else { return nil }
            return (camera, canteen)
        }
    }

    /// The decision for every playlist and segment.
    ///
    /// - Parameters:
    ///   - originalURI: raw request target, as the client sent it.
    ///   - loginHash: SHA-256 of the representative's cookie, if there is one.
    ///   - person: the verified bearer of the staff token, if there is one.
    func authorize(originalURI: String, loginHash: [UInt8]?, person: PersonID?, now: Instant) -> AuthorizeAnswer {
        guard let path = VideoPath(originalURI: originalURI) else { return .refused(.path) }
        return tables.withLock { tables in
            guard let session = tables.sessions[path.sessionId] else { return .refused(.sessionUnknown) }
            // The owner is checked before anything is said about the session.
            switch session.viewer {
            case .representative:
                guard loginHash != nil else { return .refused(.notSignedIn) }
                guard loginHash == session.loginHash else { return .refused(.wrongViewer) }
            case .staff(let owner):
                guard let person else { return .refused(.notSignedIn) }
                guard person == owner else { return .refused(.wrongViewer) }
            }
            guard session.cameraId == path.cameraId else { return .refused(.wrongCamera) }
            // A live view opens no recording, a recording no live picture, and no file outside its span.
            guard path.fits(session.recorded) else { return .refused(.path) }
            if session.ended != nil { return .refused(.sessionEnded) }
            guard now < session.expiresAt else { return .refused(.sessionExpired) }
            switch tables.decision(on: session, rules: tables.rules(rules, standard, at: now), now: now) {
            case .refused(let refusal):
                return .refused(refusal)
            case .allowed(let until, let endsBy):
                tables.sessions[path.sessionId]?.allowedUntil = until
                tables.sessions[path.sessionId]?.endsBy = endsBy
                tables.sessions[path.sessionId]?.lastSegmentAt = now
                if let hash = session.loginHash { tables.logins[hash]?.lastSeenAt = now }
                guard let gbId = tables.cameras[path.cameraId]?.gbId else { return .refused(.cameraUnknown) }
                return .allowed(gbId: gbId)
            }
        }
    }

    // MARK: sessions

    /// Refusal by number of running streams; nil when there is room. A representative's own stream is replaced, so it
    /// does not count against them.
    func streamLimit(_ viewer: ViewerIdentity, school: SchoolID, now: Instant) -> ViewRefusal? {
        tables.withLock { tables in
            let streams = tables.city(at: now, standard: standard).streams
            switch viewer {
            case .staff:
                let running = (tables.sessionsOfViewer[viewer] ?? []).count { tables.sessions[$0]?.ended == nil }
                return running >= streams.perPerson ? .staffLimit : nil
            case .representative:
                let running = tables.sessions.values.count { session in
                    session.principal == nil && session.ended == nil && session.schoolId == school
                        && session.viewer != viewer
                }
                return running >= streams.perSchool ? .schoolLimit : nil
            }
        }
    }

    /// Adds a running session. Answers the sessions that it replaces (one stream per representative).
    @discardableResult
    func begin(_ session: ViewSession) -> [ViewSessionID] {
        tables.withLock { $0.begin(session) }
    }

    /// Ends a session in memory; false when it had ended or is unknown.
    @discardableResult
    func end(_ id: ViewSessionID, by cause: ViewEnd) -> Bool {
        tables.withLock { tables in
            guard let session = tables.sessions[id], session.ended == nil else { return false }
            tables.sessions[id]?.ended = cause
            return true
        }
    }

    func session(_ id: ViewSessionID) -> ViewSession? {
        tables.withLock { $0.sessions[id] }
    }

    /// The viewer's newest session of a camera, running or ended.
    func newestSession(of viewer: ViewerIdentity, camera: CameraID) -> ViewSession? {
        tables.withLock { tables in
            (tables.sessionsOfViewer[viewer] ?? []).compactMap { tables.sessions[$0] }
                .filter { $0.cameraId == camera }.max { $0.startedAt < $1.startedAt }
        }
    }

    /// Moves a running session's end to ten minutes from now, where the viewer may still watch.
    func renew(_ id: ViewSessionID, now: Instant) -> ViewSession? {
        tables.withLock { tables in
            guard let session = tables.sessions[id] else { return nil }
            guard session.ended == nil, now < session.expiresAt,
                case .allowed(let until, let endsBy) = tables.decision(
                    on: session, rules: tables.rules(rules, standard, at: now), now: now)
            else { return session }
            // A recording has its time from the beginning.
            guard session.recorded == nil else { return session }
            tables.sessions[id]?.expiresAt = now + ViewSession.length
            tables.sessions[id]?.allowedUntil = until
            tables.sessions[id]?.endsBy = endsBy
            return tables.sessions[id]
        }
    }

    /// Ends what must end now and tells which; called by the sweeper every second.
    func sweep(now: Instant) -> [(session: ViewSession, cause: ViewEnd)] {
        tables.withLock { tables in
            var ended: [(session: ViewSession, cause: ViewEnd)] = []
            let rules = tables.rules(rules, standard, at: now)
            for session in tables.sessions.values where session.ended == nil {
                guard let cause = tables.cause(toEnd: session, rules: rules, now: now) else { continue }
                // Idle is only believed after the database has agreed: another replica may serve the segments.
                if cause != .idle { tables.sessions[session.sessionId]?.ended = cause }
                ended.append((session, cause))
            }
            return ended
        }
    }

    /// Forgets sessions that ended a while ago, so that memory does not grow with history.
    func forget(endedBefore limit: Instant) {
        tables.withLock { tables in
            for session in tables.sessions.values where session.ended != nil && session.lastSegmentAt < limit {
                tables.sessions[session.sessionId] = nil
                tables.sessionsOfViewer[session.viewer]?.remove(session.sessionId)
                if tables.sessionsOfViewer[session.viewer]?.isEmpty == true {
                    tables.sessionsOfViewer[session.viewer] = nil
                }
            }
            for login in tables.logins.values where !login.isValid(at: limit) && login.lastSeenAt < limit {
                tables.logins[login.hash] = nil
            }
        }
    }

    var runningSessions: Int { tables.withLock { $0.sessions.values.count { $0.ended == nil } } }
    var isLoaded: Bool { tables.withLock { $0.isLoaded } }
}

extension LiveState {
    /// All cameras of a school, by name.
    func cameras(of school: SchoolID) -> [CameraFacts] {
        withTables { tables in tables.cameras.values.filter { $0.schoolId == school } }.sorted { $0.name < $1.name }
    }

    /// What a school may open to its representatives: its own cameras, and those of caterers whose contract has not ended.
    func grantableCameras(of school: SchoolID, on day: LocalDate) -> [CameraFacts] {
        withTables { tables in
            let suppliers = Set(
                (tables.schools[school] ?? .none).suppliers.filter { !$0.hasEnded(by: day) }.map(\.catererId))
            return tables.cameras.values.filter { camera in
                camera.schoolId == school
                    || (suppliers.contains(camera.schoolId) && tables.canteens[camera.canteenId]?.isCaterer == true)
            }
        }.sorted { ($0.schoolId != school ? 1 : 0, $0.name) < ($1.schoolId != school ? 1 : 0, $1.name) }
    }

    /// Everything that a grant in force, or one to come, names: what a representative is shown, open or not.
    func cameras(named grants: [ViewGrant], of school: SchoolID, at now: Instant) -> [CameraFacts] {
        let current = grants.filter { $0.revokedAt == nil && now < $0.validTo }
        return grantableCameras(of: school, on: LocalDate(now)).filter { camera in
            !camera.isAnteroom && current.contains { $0.names(camera) }
        }
    }

    /// All canteens of a school, by name.
    func canteens(of school: SchoolID) -> [CanteenFacts] {
        withTables { tables in tables.canteens.values.filter { $0.schoolId == school } }.sorted { $0.name < $1.name }
    }
}

extension LiveState {
    func allCanteens() -> [CanteenFacts] {
        withTables { Array($0.canteens.values) }
    }

    func canteen(_ id: CanteenID) -> CanteenFacts? {
        withTables { $0.canteens[id] }
    }

    func account(_ id: RepresentativeID) -> RepresentativeAccount? {
        withTables { $0.representatives[id] }
    }
}
