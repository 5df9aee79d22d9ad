import Access
import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// What is asked for when a patrol is opened.
struct PatrolOrder: Codable, Hashable, Sendable {
    var basis: [PatrolBasis]
    /// Number of the draw, complaint or plan.
    var basisReference: String?
    var canteenIds: [CanteenID]
    /// False leaves the patrol planned.
    var start: Bool?
}

/// What the journal keeps of a plan. Log only: a school must not see a flying check coming.
private struct PatrolNote: Codable, Sendable {
    var patrolId: PatrolID
    var organId: OrganID
    var basis: [PatrolBasis]?
    var canteenIds: [CanteenID]?
    var reason: String?
}

extension PatrolDesk {
    static let mostCanteens = 50

    /// Opens a patrol, and starts it unless told otherwise. The same canteen named twice is one canteen.
    func open(_ order: PatrolOrder, by caller: Caller) async throws -> PatrolID {
        try check(order)
        let now = clock.now()
        let start = order.start ?? true
        return try await inTransaction { transaction in
            let officer = try await officer(caller, transaction)
            let picks = try await picks(order.canteenIds, for: officer, transaction)
            let id = PatrolID.new()
            let state = start ? try PatrolState.planned.after(.start) : .planned
            try await transaction.execute(
                """
                INSERT INTO patrol (patrol_id, organ_id, state, basis, basis_reference, planned_by, planned_at, started_by,
                    started_at, week, rule_set, checklist_version)
                VALUES (\(id), \(officer.organ.organId), \(state), \(order.basis), \(order.basisReference), \(officer.person),
                    \(now), \(start ? officer.person : nil), \(start ? now : nil),
                    \(start ? Week(containing: now).isoLabel : nil), \(rules.id), \(checklist.version))
                """)
            try await transaction.addVisits(picks, to: id)
            let note = PatrolNote(
                patrolId: id, organId: officer.organ.organId, basis: order.basis, canteenIds: picks.map(\.id))
            try await transaction.record(
                start ? "brightkitchen.patrol.patrol.started.v1" : "brightkitchen.patrol.patrol.planned.v1",
                subject: id.rawValue, data: note, caller.context, occurredAt: now)
            return id
        }
    }

    /// Starts a planned patrol; its week is the week of this moment.
    func start(_ id: PatrolID, by caller: Caller) async throws {
        let now = clock.now()
        try await inTransaction { transaction in
            let officer = try await officer(caller, transaction)
            let patrol = try await ownPatrol(id, officer, transaction)
            let state = try patrol.state.after(.start)
            try await transaction.execute(
                """
                UPDATE patrol SET state = \(state), started_by = \(officer.person), started_at = \(now),
                    week = \(Week(containing: now).isoLabel)
                WHERE patrol_id = \(id)
                """)
            try await transaction.record(
                "brightkitchen.patrol.patrol.started.v1", subject: id.rawValue,
                data: PatrolNote(patrolId: id, organId: patrol.organId), caller.context, occurredAt: now)
        }
    }

    /// Adds canteens to a patrol that is not over.
    func add(_ canteenIds: [CanteenID], to id: PatrolID, by caller: Caller) async throws {
        let now = clock.now()
        try await inTransaction { transaction in
            let officer = try await officer(caller, transaction)
            let patrol = try await ownPatrol(id, officer, transaction)
            guard patrol.state.isOpen else { throw try Self.refusedWork(patrol.state) }
            let picks = try await picks(canteenIds, for: officer, transaction)
            guard try await transaction.visits(of: id).count + picks.count <= Self.mostCanteens else {
                throw Self.tooMany
            }
            try await transaction.addVisits(picks, to: id)
            try await transaction.record(
                "brightkitchen.patrol.patrol.extended.v1", subject: id.rawValue,
                data: PatrolNote(patrolId: id, organId: patrol.organId, canteenIds: picks.map(\.id)), caller.context,
                occurredAt: now)
        }
    }

    func cancel(_ id: PatrolID, reason: String?, by caller: Caller) async throws {
        if let reason {
            guard reason.count <= 1000 else {
                throw Refusal.input("too_long", field: "reason", zh: "原因不得超过 1000 字", en: "At most 1000 characters")
            }
            try PersonalDataScreen.check(field: "reason", text: reason)
        }
        let now = clock.now()
        try await inTransaction { transaction in
            let officer = try await officer(caller, transaction)
            let patrol = try await ownPatrol(id, officer, transaction)
            let state = try patrol.state.after(.cancel(reason: reason))
            try await transaction.execute(
                """
                UPDATE patrol SET state = \(state), closed_by = \(officer.person), closed_at = \(now), cancel_reason = \(reason)
                WHERE patrol_id = \(id)
                """)
            try await transaction.record(
                "brightkitchen.patrol.patrol.cancelled.v1", subject: id.rawValue,
                data: PatrolNote(patrolId: id, organId: patrol.organId, reason: reason), caller.context, occurredAt: now
            )
        }
    }

    private func check(_ order: PatrolOrder) throws {
        guard !order.basis.isEmpty else {
            throw Refusal.input(
                "basis_required", field: "basis", zh: "请至少选择一项检查依据（第七条）", en: "Choose at least one basis (art 7)")
        }
        if order.basis.contains(where: \.needsReference) && order.basisReference.isBlank {
            throw Refusal.input(
                "basis_reference_required", field: "basis_reference", zh: "“双随机”抽查和投诉举报须填写编号",
                en: "A draw or a complaint needs its number")
        }
        guard !order.canteenIds.isEmpty else {
            throw Refusal.input("canteens_required", field: "canteen_ids", zh: "请至少选择一间食堂", en: "Choose a canteen")
        }
        guard order.canteenIds.count <= Self.mostCanteens else { throw Self.tooMany }
        if let reference = order.basisReference {
            guard reference.count <= 120 else {
                throw Refusal.input(
                    "too_long", field: "basis_reference", zh: "编号不得超过 120 字", en: "At most 120 characters")
            }
            try PersonalDataScreen.check(field: "basis_reference", text: reference)
        }
    }

    /// Distinct canteens of the organ's own area in the given order, each with the reason of the choice. A canteen of
    /// another area and one that does not exist are refused alike.
    private func picks(
        _ ids: [CanteenID], for officer: Officer, _ transaction: PostgresTransaction
    ) async throws -> [(id: CanteenID, pick: Pick)] {
        var seen: Set<CanteenID> = []
        let distinct = ids.filter { seen.insert($0).inserted }
        let canteens = try await transaction.canteens(distinct)
        let policy = AccessPolicy()
        let foreign = distinct.filter { id in
            guard let canteen = canteens.first(where: { $0.canteenId == id }) else { return true }
            return policy.decide(officer.caller.principal, .runPatrol, on: canteen.resource) != .allowed
        }
        guard foreign.isEmpty else {
            let names = foreign.map(\.rawValue).joined(separator: ", ")
            throw Refusal.input(
                "canteen_outside_area", field: "canteen_ids", zh: "以下食堂不在本机构辖区内：\(names)",
                en: "Not in the area of your organ: \(names)")
        }
        let recused = Set(try await transaction.recusals(of: [officer.person]).map(\.schoolId))
        let own = canteens.filter { recused.contains($0.schoolId) }.map(\.canteenId.rawValue)
        guard own.isEmpty else {
            throw Refusal.input(
                "recused", field: "canteen_ids", zh: "您对以下食堂的学校已申请回避：\(own.joined(separator: ", "))",
                en: "You recused yourself from the school of: \(own.joined(separator: ", "))")
        }
        let now = clock.now()
        let scores = try await transaction.suggestions(for: officer.organ, today: LocalDate(now), now: now)
        return distinct.map { id in
            let score = scores.first { $0.canteenId == id }?.score
            return (id: id, pick: score.map(Pick.init) ?? Pick(formula: RiskScore.version, points: 0, factors: []))
        }
    }

    private static func refusedWork(_ state: PatrolState) throws -> Refusal {
        do {
            _ = try state.after(.work)
        } catch let refusal {
            return refusal
        }
        return noPatrol
    }

    private static let tooMany = Refusal.input(
        "too_many_canteens", field: "canteen_ids", zh: "一次巡查最多 \(mostCanteens) 间食堂",
        en: "A patrol has at most \(mostCanteens) canteens")
}
