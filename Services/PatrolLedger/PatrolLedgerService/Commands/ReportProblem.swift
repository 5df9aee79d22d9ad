import Access
import Calendar
import Contracts
import Journal
import Postgres

/// A problem that an officer writes down from a complaint, a parent's feedback or a check of a caterer.
struct ProblemReport: Codable, Hashable, Sendable {
    var origin: ProblemOrigin
    var canteenId: CanteenID
    var itemCode: String
    /// nil = the item's default class; it may only be raised (a smaller number).
    var severity: Int?
    var description: String
    /// Number of the complaint or feedback.
    var reference: String?
}

extension PatrolDesk {
    /// Problems of every origin enter the same life cycle (art 2). Patrols, self-checks and alerts have their own ways in.
    func report(_ report: ProblemReport, by caller: Caller) async throws -> ProblemID {
        guard [.complaint, .parent, .catererCheck].contains(report.origin) else {
            throw Refusal.input(
                "origin_not_allowed", field: "origin", zh: "来源须为投诉举报、家长反馈或供餐单位检查",
                en: "The origin must be complaint, parent or caterer_check")
        }
        guard let item = checklist.item(report.itemCode) else {
            throw Refusal.input("unknown_item", field: "item_code", zh: "没有这个检查项目", en: "There is no such item")
        }
        guard report.severity.map({ (1...item.severity).contains($0) }) ?? true else {
            throw Refusal.input(
                "severity_lowered", field: "severity", zh: "问题等级只能调高，不能低于默认等级",
                en: "The class may only be raised above the default")
        }
        let description = report.description.trimmingWhitespace
        guard !description.isEmpty else {
            throw Refusal.input("missing", field: "description", zh: "请描述情况", en: "Please describe it")
        }
        try screenReason(description, field: "description", maximum: 2000)
        try screenReason(report.reference, field: "reference", maximum: 120)
        let now = clock.now()
        return try await inTransaction { transaction in
            let officer = try await officer(caller, transaction)
            guard let canteen = try await transaction.canteen(report.canteenId),
                AccessPolicy().decide(caller.principal, .runPatrol, on: canteen.resource) == .allowed
            else {
                throw Refusal.input(
                    "canteen_outside_area", field: "canteen_id", zh: "该食堂不在本机构辖区内",
                    en: "The canteen is not in the area of your organ")
            }
            let finding = ItemFinding(
                code: item.code, result: .violation, note: description, severity: report.severity)
            let source = ProblemSource(
                origin: report.origin, organId: officer.organ.organId, reference: report.reference,
                foundBy: officer.person, context: caller.context)
            let raised = try await raise(
                ProblemDraft(finding: finding, item: item, evidence: []), from: source, canteen: canteen, at: now,
                transaction)
            try await transaction.publish(raised.event, caller.context, occurredAt: now)
            return raised.event.problemId
        }
    }
}

extension String {
    /// Without spaces and line ends around it.
    var trimmingWhitespace: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
