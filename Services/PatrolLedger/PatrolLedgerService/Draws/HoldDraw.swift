import Access
import Calendar
import Contracts
import Foundation
import Journal
import Postgres

/// What is asked for.
struct DrawOrder: Codable, Hashable, Sendable {
    var randomCount: Int
    var riskCount: Int
    var inspectorsPerCanteen: Int
}

/// Log only: what was drawn stays hidden until the draw is published.
private struct DrawNote: Codable, Sendable {
    var drawId: DrawID
    var organId: OrganID
    var resultHash: String
    var checkpointSize: Int
}

private struct RecusalNote: Codable, Sendable {
    var personId: PersonID
    var schoolId: SchoolID
    var ended: Bool
}

extension PatrolDesk {
    /// Fixes both directories, the recusals and a secret, and announces their digests. Nothing can be drawn until a
    /// signed checkpoint covers the announcement: from then on neither inputs nor secret can be chosen any more, and the
    /// checkpoint's root, which nobody knew before, is part of the seed.
    func announceDraw(_ order: DrawOrder, by caller: Caller) async throws -> DrawID {
        let now = clock.now()
        guard (0...Self.mostCanteens).contains(order.randomCount), (0...Self.mostCanteens).contains(order.riskCount),
            (1...Self.mostCanteens).contains(order.randomCount + order.riskCount)
        else {
            throw Refusal.input(
                "count_out_of_range", field: "random_count", zh: "抽取间数合计须为 1 至 \(Self.mostCanteens)",
                en: "Draw 1 to \(Self.mostCanteens) canteens in all")
        }
        guard (1...2).contains(order.inspectorsPerCanteen) else {
            throw Refusal.input(
                "count_out_of_range", field: "inspectors_per_canteen", zh: "每间食堂须为 1 至 2 名检查人员",
                en: "One or two inspectors a canteen")
        }
        return try await inTransaction { transaction in
            let officer = try await officer(caller, transaction)
            let organ = officer.organ
            let scores = try await transaction.suggestions(for: organ, today: LocalDate(now), now: now)
            let canteens = try await transaction.canteens(scores.map(\.canteenId))
            let inspectors = try await transaction.inspectors(of: organ.organId, on: LocalDate(now))
            guard canteens.count >= order.randomCount + order.riskCount else {
                throw Refusal.input(
                    "too_few_canteens", field: "random_count", zh: "辖区内只有 \(canteens.count) 间营业食堂",
                    en: "Only \(canteens.count) canteens operate in your area")
            }
            guard inspectors.count >= order.inspectorsPerCanteen else {
                throw Refusal.input(
                    "too_few_inspectors", field: "inspectors_per_canteen", zh: "本机构只有 \(inspectors.count) 名指定人员",
                    en: "Your organ has only \(inspectors.count) appointed persons")
            }
            let id = DrawID.new()
            let inputs = DrawInputs(
                format: DrawInputs.format, drawId: id, organId: organ.organId, announcedAt: now,
                riskFormula: RiskScore.version, randomCount: order.randomCount, riskCount: order.riskCount,
                inspectorsPerCanteen: order.inspectorsPerCanteen,
                canteens: canteens.sorted { $0.canteenId.rawValue < $1.canteenId.rawValue }.map { canteen in
                    let score = scores.first { $0.canteenId == canteen.canteenId }?.score
                    return DrawInputs.Canteen(
                        canteenId: canteen.canteenId, schoolId: canteen.schoolId, weight: max(1, score?.points ?? 1),
                        factors: score?.factors.map(\.code) ?? [])
                }, inspectors: inspectors, recusals: try await transaction.recusals(of: inspectors))
            let bytes = try EventJSON.encode(inputs)
            var random = SystemRandomNumberGenerator()
            let secret = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let event = DrawAnnounced(
                drawId: id, organId: organ.organId, algorithm: DrawInputs.format,
                inputsHash: EvidenceVault.hexDigest(bytes), seedCommitment: EvidenceVault.hexDigest(secret),
                announcedAt: now)
            let announcement = try await transaction.publish(event, caller.context, occurredAt: now)
            try await transaction.execute(
                """
                INSERT INTO draw (draw_id, organ_id, state, inputs, inputs_hash, secret, announced_by, announced_at,
                    announcement_id)
                VALUES (\(id), \(organ.organId), 'announced', \(bytes), \(event.inputsHash), \(secret.hexText),
                    \(caller.person), \(now), \(announcement))
                """)
            return id
        }
    }

    /// Draws, once. 409 until a signed checkpoint covers the announcement.
    func holdDraw(_ id: DrawID, by caller: Caller) async throws {
        let now = clock.now()
        let record = try await ownDraw(id, caller, pool)
        guard let entry = try await log.entry(EventID(rawValue: record.announcementId)), let index = entry.leafIndex,
            let vouched = try await pool.first(
                "SELECT size, root FROM journal_checkpoint WHERE size > \(Int64(index)) ORDER BY size LIMIT 1",
                { (size: try $0["size"] as Int, root: (try $0["root"] as [UInt8]).hexText) })
        else { throw Self.notVouchedYet }
        try await inTransaction { transaction in
            _ = try await officer(caller, transaction)
            let locked = try await transaction.first("SELECT state FROM draw WHERE draw_id = \(id) FOR UPDATE") {
                try $0["state"] as DrawRecord.State
            }
            guard locked == .announced else {
                throw Refusal.conflict("already_drawn", zh: "已经抽取，不能重抽", en: "It was drawn already, and is drawn once")
            }
            let seed = DrawAlgorithm.seed(
                drawId: id, secret: record.secret, checkpointRoot: vouched.root, inputsHash: record.inputsHash)
            let result = try EventJSON.encode(
                DrawAlgorithm.draw(try record.decodedInputs(), inputsHash: record.inputsHash, seed: seed))
            let hash = EvidenceVault.hexDigest(result)
            try await transaction.execute(
                """
                UPDATE draw SET state = 'drawn', result = \(result), result_hash = \(hash),
                    checkpoint_size = \(vouched.size), checkpoint_root = \(vouched.root), drawn_by = \(caller.person),
                    drawn_at = \(now)
                WHERE draw_id = \(id)
                """)
            try await transaction.record(
                "brightkitchen.patrol.draw.drawn.v1", subject: id.rawValue,
                data: DrawNote(
                    drawId: id, organId: record.organId, resultHash: hash, checkpointSize: vouched.size),
                caller.context, occurredAt: now)
        }
    }

    /// A planned patrol of what was drawn; hidden like every plan.
    func planPatrol(of id: DrawID, by caller: Caller) async throws -> PatrolID {
        let record = try await ownDraw(id, caller, pool)
        guard record.state != .announced, let result = try record.decodedResult() else {
            throw Refusal.conflict("draw_state", zh: "尚未抽取", en: "It is not drawn yet")
        }
        return try await open(
            PatrolOrder(
                basis: [.doubleRandom], basisReference: id.rawValue, canteenIds: result.picks.map(\.canteenId),
                start: false), by: caller)
    }

    /// Opens the secret and everything else. 409 while a patrol of this draw is still ahead: schools must not see it coming.
    func publishDraw(_ id: DrawID, by caller: Caller) async throws {
        let now = clock.now()
        try await inTransaction { transaction in
            _ = try await officer(caller, transaction)
            let record = try await ownDraw(id, caller, transaction)
            guard record.state == .drawn, let result = try record.decodedResult(),
                let size = record.checkpointSize, let root = record.checkpointRoot, let hash = record.resultHash
            else {
                throw Refusal.conflict(
                    "draw_state", zh: "抽取后才能公开，且只公开一次", en: "A draw is published once, after it was drawn")
            }
            let ahead = try await transaction.first(
                """
                SELECT 1 AS one FROM patrol WHERE organ_id = \(record.organId) AND basis_reference = \(id.rawValue)
                    AND state IN ('planned', 'in_progress') LIMIT 1
                """
            ) { try $0["one"] as Int }
            guard ahead == nil else {
                throw Refusal.conflict(
                    "patrol_open", zh: "依据本次抽取的巡查尚未完成，暂不能公开",
                    en: "A patrol of this draw is not over: publishing would announce it")
            }
            try await transaction.execute(
                "UPDATE draw SET state = 'published', published_at = \(now) WHERE draw_id = \(id)")
            try await transaction.publish(
                DrawPublished(
                    drawId: id, organId: record.organId, algorithm: DrawInputs.format, inputsHash: record.inputsHash,
                    secret: record.secret, checkpointSize: size, checkpointRoot: root, resultHash: hash,
                    canteenIds: result.picks.map(\.canteenId), publishedAt: now),
                caller.context, occurredAt: now)
        }
    }

    /// Declares (or ends) that the caller must not inspect a school (回避).
    func recuse(from school: SchoolID, reason: String, ended: Bool, by caller: Caller) async throws {
        guard ["child_attends", "relative_works", "other_interest"].contains(reason) else {
            throw Refusal.input(
                "not_allowed", field: "reason", zh: "请从选项中选择回避原因",
                en: "Choose child_attends, relative_works or other_interest")
        }
        let now = clock.now()
        try await inTransaction { transaction in
            _ = try await officer(caller, transaction)
            let known = try await transaction.first("SELECT 1 AS one FROM canteen WHERE school_id = \(school) LIMIT 1")
            {
                try $0["one"] as Int
            }
            guard known != nil else {
                throw Refusal.input("unknown_school", field: "school_id", zh: "没有这所学校", en: "There is no such school")
            }
            try await transaction.execute(
                """
                INSERT INTO recusal (person_id, school_id, reason, declared_by, declared_at, ended_at)
                VALUES (\(caller.person), \(school), \(reason), \(caller.person), \(now), \(ended ? now : nil))
                ON CONFLICT (person_id, school_id) DO UPDATE SET reason = excluded.reason, ended_at = excluded.ended_at
                """)
            try await transaction.record(
                "brightkitchen.patrol.recusal.declared.v1", subject: school.rawValue,
                data: RecusalNote(personId: caller.person, schoolId: school, ended: ended), caller.context,
                occurredAt: now)
        }
    }

    /// A draw of the caller's organ (or, for the city and the auditor, of any): 404 for others until it is published.
    func ownDraw(_ id: DrawID, _ caller: Caller, _ executor: some PostgresExecutor) async throws -> DrawRecord {
        guard let record = try await executor.draw(id), record.organId == caller.principal.organId else {
            throw Self.noDraw
        }
        return record
    }

    func readDraw(_ id: DrawID, for caller: Caller) async throws -> DrawRecord {
        guard let record = try await pool.draw(id), let organ = try await pool.organ(record.organId),
            AccessPolicy().decide(caller.principal, .seePatrolPlan, on: organ.resource, intent: .read) == .allowed
        else { throw Self.noDraw }
        return record
    }

    static let noDraw = Refusal.notFound("没有这次抽取", "There is no such draw")
}

extension [UInt8] {
    /// Lower-case hex.
    var hexText: String {
        map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
