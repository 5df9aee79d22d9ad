import Calendar
import Concurrency
import Contracts
import Journal
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Once a second: takes in what changed, ends the views that must end and writes their end down; once a minute: expires
/// accounts and grants, purges what is over.
///
/// A view is cut by the decision on its next segment, not by this loop: the loop is for the record and for the page.
struct SessionSweeper: Service {
    let pool: PostgresPool
    let clock: any WallClock
    let live: LiveState
    let refresher: LiveRefresher
    let refusals: RefusalTally
    let logger: Logger

    static let interval: Duration = .seconds(1)
    /// Sessions seen alive are written down this often, in rounds.
    private static let touchEvery = 10
    private static let minute = 60

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var round = 0
            var unwritten: [ViewSessionID: (session: ViewSession, cause: ViewEnd)] = [:]
            while !Task.isCancelled {
                round += 1
                do {
                    try await refresher.refresh()
                    try await sweep(&unwritten)
                    if round % Self.touchEvery == 0 { try await touch() }
                    if round % Self.minute == 0 {
                        try await expire()
                        try await writeDownRefusals()
                    }
                } catch is CancellationError {
                    return
                } catch {
                    // The decisions in memory go on; what could not be written down is tried again.
                    logger.warning("sweep failed", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
        try await writeDownRefusals(all: true)
    }

    /// Refusals that were only counted: one entry for each viewer and reason.
    func writeDownRefusals(all: Bool = false) async throws {
        let sums = refusals.drain(now: clock.now(), all: all)
        guard !sums.isEmpty else { return }
        let context = EventContext(actor: .system("parent-access"), correlationId: UUIDv7.string())
        try await pool.transaction { tx in
            for sum in sums {
                if let school = sum.key.school {
                    try await tx.publish(
                        TicketRefused(
                            schoolId: school, viewer: sum.key.viewer, reason: sum.key.reason, refusedAt: sum.last,
                            count: sum.count), context, occurredAt: sum.last)
                } else {
                    try await tx.record(
                        "brightkitchen.parent-access.ticket.refused-unknown.v1", subject: sum.key.viewer,
                        data: RefusedUnknown(reason: sum.key.reason, count: sum.count), context, occurredAt: sum.last)
                }
            }
        }
    }

    /// One round: also what tests call, with a clock of their own.
    func sweep(_ unwritten: inout [ViewSessionID: (session: ViewSession, cause: ViewEnd)]) async throws {
        let now = clock.now()
        for ended in live.sweep(now: now) { unwritten[ended.session.sessionId] = ended }
        let context = EventContext(actor: .system("parent-access"), correlationId: UUIDv7.string())
        for (id, ended) in unwritten {
            try await pool.transaction { tx in
                guard try await ViewSessionStore.end(id, by: ended.cause, now: now, tx) else { return }
                try await VideoDoor.recordEnd(of: ended.session, ended.cause, context, now, tx)
                let live = live
                tx.afterCommit { live.end(id, by: ended.cause) }
            }
            unwritten[id] = nil
        }
        live.forget(endedBefore: now - .seconds(600))
    }

    private func touch() async throws {
        let running = live.withTables { tables in tables.sessions.values.filter { $0.ended == nil } }
        try await ViewSessionStore.touch(running, pool)
        let logins = live.withTables { tables in Array(tables.logins.values) }
        try await AccountStore.touch(logins, pool)
    }

    /// Writes down what the clock has ended already.
    func expire() async throws {
        let now = clock.now()
        let context = EventContext(actor: .system("parent-access"), correlationId: UUIDv7.string())
        try await pool.transaction { tx in
            let grants = try await ExpiryStore.expireGrants(now: now, tx)
            try await tx.publish(
                grants.map { grant in
                    GrantExpired(
                        grantId: grant.grantId, representativeId: grant.representativeId, schoolId: grant.schoolId,
                        expiredAt: grant.validTo)
                }, context, occurredAt: now)
            for account in try await ExpiryStore.expireAccounts(now: now, tx) {
                try await tx.record(
                    "brightkitchen.parent-access.representative.expired.v1",
                    subject: account.representativeId.rawValue,
                    data: StateChange(
                        representativeId: account.representativeId, schoolId: account.schoolId, state: .expired),
                    context, occurredAt: now)
            }
        }
        try await TicketStore.purge(now: now, pool)
        try await ExpiryStore.purgeCodes(now: now, pool)
        try await ExpiryStore.purgeChanges(pool)
    }
}
