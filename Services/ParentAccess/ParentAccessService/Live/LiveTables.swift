import Access
import Calendar
import Contracts

extension LiveState.Tables {
    func city(at now: Instant, standard: CityRules) -> CityRules {
        cityRules.inForce(at: now) ?? standard
    }

    /// The rules with the city's limits that are in force.
    func rules(_ rules: ViewRules, _ standard: CityRules, at now: Instant) -> ViewRules {
        var rules = rules
        rules.limits = city(at: now, standard: standard).limits
        return rules
    }

    func grants(of id: RepresentativeID) -> [ViewGrant] {
        grants[id].map { Array($0.values) } ?? []
    }

    /// Rights end on the day the appointment ends (domain §6, art 4).
    func isDismissed(_ principal: Principal, now: Instant) -> Bool {
        guard let lastDay = dismissed[Appointment(principal)] else { return false }
        return LocalDate(now) >= lastDay
    }

    /// May the session's owner still watch, by what is known now?
    func decision(on session: ViewSession, rules: ViewRules, now: Instant) -> ViewDecision {
        let camera = cameras[session.cameraId]
        let canteen = camera.flatMap { canteens[$0.canteenId] }
        switch session.viewer {
        case .representative(let id):
            guard let account = representatives[id] else { return .refused(.accountNotActive) }
            let decision = rules.decide(
                .representative(account, grants: grants(of: id)), camera: camera, canteen: canteen,
                school: schools[account.schoolId] ?? .none, now: now)
            // Last, so that a revoked account is told from a session that ran out.
            if case .allowed = decision {
                guard let hash = session.loginHash, let login = logins[hash], login.isValid(at: now) else {
                    return .refused(.notSignedIn)
                }
            }
            return decision
        case .staff:
            guard let principal = session.principal, !isDismissed(principal, now: now) else {
                return .refused(.roleNotAllowed)
            }
            if session.recorded != nil {
                let refusal = rules.refusesPlayback(
                    principal, reason: session.reason, camera: camera, canteen: canteen)
                return refusal.map { .refused($0) }
                    ?? .allowed(until: now + ViewRules.staffHorizon, endsBy: .expired)
            }
            return rules.decide(.staff(principal, reason: session.reason), camera: camera, canteen: canteen, now: now)
        }
    }

    /// What ends this running session now, if anything.
    func cause(toEnd session: ViewSession, rules: ViewRules, now: Instant) -> ViewEnd? {
        switch decision(on: session, rules: rules, now: now) {
        case .refused(let refusal):
            // The right ran out by the clock: the last decision knew what would end it.
            if now >= session.allowedUntil, refusal == .notGranted || refusal == .outsideWindow {
                return session.endsBy
            }
            return refusal.endsRunningView
        case .allowed:
            if now >= session.expiresAt { return .expired }
            return now >= session.lastSegmentAt + session.idle ? .idle : nil
        }
    }

    /// Adds a session; a representative's running sessions end as replaced and are answered.
    mutating func begin(_ session: ViewSession) -> [ViewSessionID] {
        var replaced: [ViewSessionID] = []
        if case .representative = session.viewer {
            for id in sessionsOfViewer[session.viewer] ?? [] where id != session.sessionId {
                guard sessions[id]?.ended == nil else { continue }
                sessions[id]?.ended = .replaced
                replaced.append(id)
            }
        }
        insert(session)
        return replaced
    }

    /// Takes a session as read from the database or just begun. What has ended stays ended.
    mutating func insert(_ session: ViewSession) {
        var session = session
        if let known = sessions[session.sessionId] {
            session.ended = known.ended ?? session.ended
            session.expiresAt = max(known.expiresAt, session.expiresAt)
            session.lastSegmentAt = max(known.lastSegmentAt, session.lastSegmentAt)
            session.allowedUntil = known.allowedUntil
            session.endsBy = known.endsBy
        }
        sessions[session.sessionId] = session
        sessionsOfViewer[session.viewer, default: []].insert(session.sessionId)
    }
}

extension LiveState.Tables {
    /// The valid logins of these representatives, as read; uses that were seen here since then are kept.
    mutating func replaceLogins(of representatives: Set<RepresentativeID>, by read: [ParentLogin]) {
        guard !representatives.isEmpty else { return }
        let known = logins
        logins = logins.filter { !representatives.contains($0.value.representativeId) }
        for var login in read {
            if let before = known[login.hash] { login.lastSeenAt = max(before.lastSeenAt, login.lastSeenAt) }
            logins[login.hash] = login
        }
    }
}
