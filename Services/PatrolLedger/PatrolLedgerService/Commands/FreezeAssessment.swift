import Access
import Calendar
import Contracts
import Journal
import Postgres

/// A period to be frozen.
struct AssessmentOrder: Codable, Hashable, Sendable {
    /// As people call it: 2026-2027学年第一学期.
    var name: String
    var firstDay: LocalDate
    var lastDay: LocalDate
    /// Why it is issued again; required where the period was frozen before, absent where it was not.
    var reason: String?
}

/// A frozen period with what differs from the version before.
struct AssessmentFile: Sendable {
    var record: AssessmentRecord
    var content: AssessmentContent
    var versions: [AssessmentRecord]
    /// nil for a first version.
    var changes: [AssessmentContent.Change]?
}

/// A school's own facts of a period.
struct OwnAssessmentFacts: Codable, Sendable {
    var formula: String
    var firstDay: LocalDate
    var lastDay: LocalDate
    var countedAt: Instant
    var canteens: [AssessmentContent.Canteen]
}

/// What the journal keeps about a frozen period.
private struct AssessmentSeal: Encodable {
    var assessmentId: String
    var organId: OrganID
    var firstDay: LocalDate
    var lastDay: LocalDate
    var version: Int
    var formula: String
    var contentHash: String
}

extension PatrolDesk {
    static let longestPeriodDays = 400
    private static let noAssessment = Refusal.notFound("没有这份考核", "There is no such assessment")

    /// The facts as they are now: the caller's own area or supervised schools, and the organs whose ledger they may read.
    func assessmentFacts(from: LocalDate, to: LocalDate, for caller: Caller) async throws -> AssessmentContent {
        try checkPeriod(from, to)
        let organ = try await ownOrgan(caller)
        let visible = try await visibleCanteens(caller, .urge)
        let canteens = try await pool.assessmentCanteens(visible: visible, from: from, to: to)
        let organs = try await pool.assessmentOrgans(try await ledgerOrgans(caller), from: from, to: to)
        return AssessmentContent(
            formula: AssessmentContent.currentFormula, organId: organ.organId, firstDay: from, lastDay: to,
            countedAt: clock.now(), canteens: canteens, organs: organs)
    }

    private func checkPeriod(_ from: LocalDate, _ to: LocalDate) throws {
        guard from <= to, to.daysSinceEpoch - from.daysSinceEpoch <= Self.longestPeriodDays else {
            throw Refusal.input(
                "not_in_range", field: "last_day", zh: "结束日期须在开始日期之后，且不超过 \(Self.longestPeriodDays) 天",
                en: "The last day must follow the first, by \(Self.longestPeriodDays) days at most")
        }
    }

    /// What is counted of the school's own canteens, as the bureaus see it; of no other school, and no order of them.
    func ownAssessmentFacts(from: LocalDate, to: LocalDate, for caller: Caller) async throws -> OwnAssessmentFacts {
        try checkPeriod(from, to)
        let visible = try await visibleCanteens(caller, .draftSchoolItems, intent: .perform)
        return OwnAssessmentFacts(
            formula: AssessmentContent.currentFormula, firstDay: from, lastDay: to, countedAt: clock.now(),
            canteens: try await pool.assessmentCanteens(visible: visible, from: from, to: to))
    }

    /// Freezes a period that is over. What comes in later never changes it; a re-issue is a new version with a reason.
    func freezeAssessment(_ order: AssessmentOrder, by caller: Caller) async throws -> String {
        let now = clock.now()
        let name = order.name.trimmingWhitespace
        guard !name.isEmpty, name.count <= 100 else {
            throw Refusal.input(
                "missing", field: "name", zh: "请填写名称（不超过 100 字）", en: "Give a name of at most 100 characters")
        }
        try screenReason(name, field: "name", maximum: 100)
        guard order.lastDay < LocalDate(now) else {
            throw Refusal.input(
                "period_open", field: "last_day", zh: "考核周期尚未结束，不能定稿",
                en: "The period is not over: it cannot be frozen yet")
        }
        let content = try await assessmentFacts(from: order.firstDay, to: order.lastDay, for: caller)
        let bytes = try EventJSON.encode(content)
        let hash = EvidenceVault.hexDigest(bytes)
        let id = UUIDv7.string()
        return try await inTransaction { transaction in
            let earlier = try await transaction.assessments(
                of: content.organId, from: order.firstDay, to: order.lastDay)
            let version = (earlier.first?.version ?? 0) + 1
            let reason = version == 1 ? nil : order.reason
            if version > 1 {
                guard !order.reason.isBlank else {
                    throw Refusal.input(
                        "reason_required", field: "reason", zh: "该周期已定稿；重新发布须说明原因",
                        en: "The period is frozen: a re-issue needs a reason")
                }
                try screenReason(reason)
            }
            let inserted = try await transaction.execute(
                """
                INSERT INTO assessment (assessment_id, organ_id, first_day, last_day, version, name, formula, reason,
                    frozen_by, frozen_at, content, content_hash)
                VALUES (\(id), \(content.organId), \(order.firstDay), \(order.lastDay), \(version), \(name),
                    \(content.formula), \(reason), \(caller.person), \(now), \(bytes), \(hash))
                ON CONFLICT DO NOTHING
                """)
            guard inserted == 1 else {
                throw Refusal.conflict(
                    "assessment_taken", zh: "同一周期刚刚由他人定稿，请刷新", en: "Somebody froze this period just now: look again")
            }
            let seal = AssessmentSeal(
                assessmentId: id, organId: content.organId, firstDay: order.firstDay, lastDay: order.lastDay,
                version: version, formula: content.formula, contentHash: hash)
            try await transaction.record(
                "brightkitchen.patrol.assessment.frozen.v1", subject: id, data: seal, caller.context, occurredAt: now)
            return id
        }
    }

    /// A frozen period: the own organ's, or any for the auditor.
    func assessmentFile(_ id: String, for caller: Caller) async throws -> AssessmentFile {
        guard let record = try await pool.assessment(id) else { throw Self.noAssessment }
        guard caller.principal.role == .auditor || caller.principal.organId == record.organId else {
            throw Self.noAssessment
        }
        let versions = try await pool.assessments(of: record.organId, from: record.firstDay, to: record.lastDay)
        let content = try EventJSON.decode(AssessmentContent.self, from: record.content)
        var changes: [AssessmentContent.Change]?
        if let before = versions.first(where: { $0.version == record.version - 1 }) {
            changes = content.changes(
                since: try EventJSON.decode(AssessmentContent.self, from: before.content))
        }
        return AssessmentFile(record: record, content: content, versions: versions, changes: changes)
    }
}
