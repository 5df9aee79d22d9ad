import Access
import Contracts
import Postgres

extension PatrolDesk {
    /// A patrol with everything recorded in it, for its own organ, the city and the auditor; for others it does not exist.
    func readPatrol(_ id: PatrolID, for caller: Caller) async throws -> PatrolReview {
        guard let patrol = try await pool.patrol(id), let organ = try await pool.organ(patrol.organId) else {
            throw Self.noPatrol
        }
        switch AccessPolicy().decide(caller.principal, .seePatrolPlan, on: organ.resource, intent: .read) {
        case .allowed: break
        case .denied: throw Self.roleRefused
        case .hidden: throw Self.noPatrol
        }
        return try await review(patrol, pool)
    }

    /// The caller's own organ; 403 for roles without one.
    func ownOrgan(_ caller: Caller) async throws -> OrganRecord {
        guard let id = caller.principal.organId else { throw Self.roleRefused }
        guard let organ = try await pool.organ(id) else {
            throw Refusal.notFound("本机构的资料尚未同步", "Your organ is not known here yet")
        }
        return organ
    }

    /// Organs whose ledger the caller may read: the decision is asked for each organ.
    func ledgerOrgans(_ caller: Caller) async throws -> [OrganRecord] {
        let policy = AccessPolicy()
        return try await pool.patrollingOrgans().filter {
            policy.decide(caller.principal, .seeLedger, on: $0.resource, intent: .read) == .allowed
        }
    }

    func ledgerEntry(_ number: String, for caller: Caller) async throws -> (entry: LedgerRecord, organ: OrganRecord) {
        guard let entry = try await pool.ledgerEntry(number), let organ = try await pool.organ(entry.organId),
            AccessPolicy().decide(caller.principal, .seeLedger, on: organ.resource, intent: .read) == .allowed
        else { throw Refusal.notFound("没有这条台账", "There is no such ledger entry") }
        return (entry, organ)
    }

    /// The condition under which the caller sees problems. 403 for roles that see none.
    func visibleProblems(_ caller: Caller) async throws -> SQL {
        var organ: OrganRecord?
        if let id = caller.principal.organId { organ = try await pool.organ(id) }
        guard let condition = ProblemFilter.condition(for: caller.principal, organ: organ) else {
            throw Self.roleRefused
        }
        return condition
    }
}
