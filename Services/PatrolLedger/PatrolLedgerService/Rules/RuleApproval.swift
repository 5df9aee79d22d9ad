import Access
import Calendar
import Contracts
import Foundation
import Postgres
import ServiceKit

/// What the journal keeps of a new version, beside the approval itself.
private struct RuleVersionNote: Codable, Sendable {
    var version: Int
    var effectiveFrom: LocalDate
    var contentHash: String
}

/// 规则调整双人审批: a change of quotas and deadlines is proposed by one officer of the city and approved by another.
enum RuleApproval {
    static let kind = "rule_change"

    static func make(_ book: RuleBook) -> ApprovalKind {
        ApprovalKind(
            kind, title: LocalizedText(zh: "巡查规则调整", en: "Change of the patrol rules"), proposing: .changeRules,
            approving: .changeRules,
            facts: { approval, context in
                let change = try approval.decode(RuleChange.self)
                let isChinese = context.language == .zh
                func fact(_ zh: String, _ en: String, _ value: String) -> ApprovalFact {
                    ApprovalFact(isChinese ? zh : en, value)
                }
                return [
                    fact("生效日期", "Takes effect", change.effectiveFrom.iso),
                    fact(
                        "每次间数（市/县/所）", "Canteens (city/county/station)",
                        "\(change.quotas.city) / \(change.quotas.county) / \(change.quotas.station)"),
                    fact("最短观看秒数", "Shortest view in seconds", "\(change.minimumViewSeconds)"),
                    fact(
                        "二、三类整改工作日", "Working days to rectify, class 2 and 3",
                        "\(change.rectifyClass2) / \(change.rectifyClass3)"),
                    fact("最长延期工作日", "Longest extension", "\(change.longestExtensionWorkingDays)"),
                    fact("黄牌逾期天数", "Days to a yellow warning", "\(change.yellowAfterDays)"),
                    fact("解释", "Interpretation", change.interpretation),
                ]
            },
            apply: { approval, context, transaction in
                try await answering { try await apply(approval, book, context, transaction) }
            })
    }

    private static func apply(
        _ approval: Approval, _ book: RuleBook, _ context: BrightContext, _ transaction: PostgresTransaction
    ) async throws {
        let change = try approval.decode(RuleChange.self)
        // One after the other: the version number and the base of the change must not be taken twice.
        try await transaction.execute("SELECT pg_advisory_xact_lock(hashtext('rule_version'))")
        try await book.refresh(transaction)
        guard let latest = book.all.last else { throw Problem.unavailable() }
        let version = latest.version + 1
        let rules = try change.applied(to: latest, version: version, today: LocalDate(context.now))
        let bytes = try EventJSON.encode(rules)
        let hash = EvidenceVault.hexDigest(bytes)
        try await transaction.execute(
            """
            INSERT INTO rule_version (version, effective_from, content, content_hash, interpretation, approval_id, approved_at)
            VALUES (\(version), \(change.effectiveFrom), \(bytes), \(hash), \(change.interpretation), \(approval.id),
                \(context.now))
            """)
        try await transaction.record(
            "brightkitchen.patrol.rules.changed.v1", subject: rules.id,
            data: RuleVersionNote(version: version, effectiveFrom: change.effectiveFrom, contentHash: hash),
            try context.eventContext(), occurredAt: context.now)
    }
}
