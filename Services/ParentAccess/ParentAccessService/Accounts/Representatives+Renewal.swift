import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

extension Representatives {
    /// Gives accounts the rights of their last term for a new one: all of those named, or none.
    func renew(
        _ ids: [RepresentativeID], of school: SchoolID, from first: LocalDate, to last: LocalDate,
        _ context: EventContext
    ) async throws {
        let now = clock.now()
        try await pool.transaction { tx in
            try await RepresentativeStore.lock(school: school, tx)
            var events: [any Event] = []
            var revived = 0
            for id in ids.sorted(by: { $0.rawValue < $1.rawValue }) {
                let account = try await lock(id, .school(school), tx)
                guard let next = account.state.after(.renew) else { throw Self.wrongState(account.state) }
                let grants = try await RepresentativeStore.lastGrants(of: id, tx)
                guard !grants.isEmpty else {
                    throw Problem.conflict(
                        code: "nothing_to_renew", zh: "账号 \(account.accountNumber) 没有可以续期的授权。",
                        en: "Account \(account.accountNumber) has no permission to renew.")
                }
                if account.state == .expired { revived += 1 }
                for old in grants {
                    let terms = GrantTerms(
                        cameraIds: Array(old.cameraIds), zones: Array(old.zones), windows: old.schedule.windows,
                        validFrom: first, validTo: last)
                    try check(terms, school: school, now: now)
                    let grant = self.grant(terms, id, school)
                    try await RepresentativeStore.insert(grant, by: context.actor.rawValue, now: now, tx)
                    events.append(created(grant))
                }
                if next != account.state { try await RepresentativeStore.setState(id, next, now: now, tx) }
                try await RepresentativeStore.extend(id, to: last.adding(days: 1).start, tx)
            }
            let quota = live.city(at: now).quota
            let count = try await RepresentativeStore.countCurrent(school: school, tx)
            guard revived == 0 || count <= quota else {
                throw Problem.conflict(
                    code: "quota", zh: "续期后家长代表将超过上限（\(quota) 名）。",
                    en: "With these your school would have more than \(quota) representatives.")
            }
            try await tx.publish(events, context, occurredAt: now)
        }
        try await refresher.refresh()
    }
}

extension RepresentativeStore {
    /// What was granted last: every grant that ran, or runs, to the latest end. Not what the school took back itself.
    static func lastGrants(of id: RepresentativeID, _ tx: PostgresTransaction) async throws -> [ViewGrant] {
        try await tx.query(
            """
            SELECT * FROM view_grant g
            WHERE representative_id = \(id) AND (revoked_at IS NULL OR revoke_reason = 'expired')
                AND valid_to = (SELECT max(valid_to) FROM view_grant
                    WHERE representative_id = \(id) AND (revoked_at IS NULL OR revoke_reason = 'expired'))
            ORDER BY grant_id
            """, ViewGrant.init(row:))
    }
}
