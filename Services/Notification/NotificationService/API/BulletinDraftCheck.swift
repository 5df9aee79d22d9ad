import Access
import Contracts
import Postgres
import ServiceKit

/// Checks what an officer wrote, all faults at once: nobody writes about canteens outside the area, to organs without
/// jurisdiction, or without saying why.
struct BulletinDraftCheck: Sendable {
    static let maximumCanteens = 20
    let policy: AccessPolicy

    /// Throws 422 with every fault.
    func draft(
        _ form: FormData, issuer: Organ, _ context: BrightContext, _ executor: some PostgresExecutor
    ) async throws -> BulletinDraft {
        var check = form.check()
        let cause = check.text("cause", maximum: 120, screened: true)
        let facts = check.text("facts", maximum: 3000, screened: true)
        let requirement = check.text("requirement", maximum: 1000, screened: true)
        let urgency: BulletinUrgency =
            form.optional("urgency") == nil ? .normal : check.choice("urgency") ?? .normal
        let days =
            form.optional("answer_days") == nil
            ? BulletinTerms.standard.answerDays : check.integer("answer_days", in: 1...60)
        let canteens = try await canteens(form, context, &check, executor)
        let problems = try await problems(form, canteens, &check, executor)
        let original = try await original(form, issuer, context, &check, executor)
        let mains = try await organs("receiver", form, canteens, issuer, &check, executor)
        let copies = try await organs("copy", form, canteens, issuer, &check, executor)
        if mains.isEmpty { check.fail(Self.fault("receiver", "missing", "请选择主送单位。", "Name at least one receiver.")) }
        if mains.contains(where: { copies.contains($0) }) {
            check.fail(
                Self.fault("copy", "receiver_twice", "同一单位不能既主送又抄送。", "An organ is either a receiver or gets a copy."))
        }
        checkCorrection(original, mains + copies, &check)
        try check.done()
        return BulletinDraft(
            cause: cause, facts: facts, requirement: requirement, urgency: urgency, answerDays: days,
            canteens: canteens, problems: problems, mains: mains, copies: copies, corrects: original)
    }

    private static func fault(
        _ field: String, _ code: String, _ zh: String, _ en: String, allowed: String? = nil
    ) -> FieldFault {
        FieldFault(field: field, code: code, detail: LocalizedText(zh: zh, en: en), allowed: allowed)
    }

    private static func identifiers(_ name: String, _ form: FormData) -> [String] {
        var seen: Set<String> = []
        return form.all(name).filter { WellFormed.isIdentifier($0) && seen.insert($0).inserted }
    }

    private func canteens(
        _ form: FormData, _ context: BrightContext, _ check: inout FormCheck, _ executor: some PostgresExecutor
    ) async throws -> [Canteen] {
        let ids = Self.identifiers("canteen", form).map { CanteenID($0) }
        guard !ids.isEmpty else {
            check.fail(Self.fault("canteen", "missing", "请选择所涉食堂。", "Name the canteens it is about."))
            return []
        }
        guard ids.count <= Self.maximumCanteens else {
            check.fail(
                Self.fault(
                    "canteen", "too_many", "一份通报最多涉及 \(Self.maximumCanteens) 个食堂。",
                    "A bulletin names at most \(Self.maximumCanteens) canteens.", allowed: "1…\(Self.maximumCanteens)"))
            return []
        }
        let known = try await RegistryStore.canteens(ids, executor)
        let own = ids.compactMap { known[$0] }.filter { context.may(.issueBulletin, on: $0.resource) }
        if own.count != ids.count {
            check.fail(
                Self.fault("canteen", "unknown_canteen", "食堂不存在或不在本单位辖区。", "There is no such canteen in your area."))
        }
        return own
    }

    private func problems(
        _ form: FormData, _ canteens: [Canteen], _ check: inout FormCheck, _ executor: some PostgresExecutor
    ) async throws -> [BulletinProblem] {
        let ids = Self.identifiers("problem", form).map { ProblemID($0) }
        guard !ids.isEmpty else { return [] }
        let found = try await BulletinContents.problems(ids, executor)
        let fitting = found.filter { problem in
            problem.state != .incomplete && canteens.contains { $0.id == problem.canteenId }
        }
        if fitting.count != ids.count {
            check.fail(
                Self.fault(
                    "problem", "problem_of_another_canteen", "所引问题不存在或不属于所涉食堂。",
                    "A problem must be one of the canteens that are named."))
        }
        return fitting
    }

    private func organs(
        _ field: String, _ form: FormData, _ canteens: [Canteen], _ issuer: Organ, _ check: inout FormCheck,
        _ executor: some PostgresExecutor
    ) async throws -> [Organ] {
        let ids = Self.identifiers(field, form).map { OrganID($0) }
        guard !ids.isEmpty else { return [] }
        if ids.contains(issuer.id) {
            check.fail(Self.fault(field, "own_organ", "不能通报本单位。", "An organ does not send itself a bulletin."))
        }
        let known = try await RegistryStore.organs(ids, executor)
        let wanted = ids.filter { $0 != issuer.id }
        let competent = wanted.compactMap { known[$0] }.filter { organ in
            canteens.allSatisfy { Jurisdiction.covers(organ, $0, policy: policy) }
        }
        if competent.count != wanted.count, !canteens.isEmpty {
            let allowed = try await choices(for: canteens, issuer: issuer, executor).map(\.id.rawValue)
            check.fail(
                Self.fault(
                    field, "no_jurisdiction", "所选单位对所涉食堂没有管辖权。",
                    "The organ has no jurisdiction over every canteen that is named.",
                    allowed: allowed.joined(separator: ", ")))
        }
        return competent
    }

    /// Organs that a bulletin about these canteens may go to.
    func choices(
        for canteens: [Canteen], issuer: Organ, _ executor: some PostgresExecutor
    ) async throws -> [Organ] {
        guard let first = canteens.first else { return [] }
        return try await RegistryStore.organs(inCityOf: first.divisionCode, executor).filter { organ in
            organ.id != issuer.id && canteens.allSatisfy { Jurisdiction.covers(organ, $0, policy: policy) }
        }
    }

    private func original(
        _ form: FormData, _ issuer: Organ, _ context: BrightContext, _ check: inout FormCheck,
        _ executor: some PostgresExecutor
    ) async throws -> Bulletin? {
        guard let text = form.optional("corrects") else { return nil }
        var found: Bulletin?
        if WellFormed.isIdentifier(text) {
            found = try await BulletinStore.bulletin(
                BulletinID(text), visibleTo: try context.requirePrincipal(), executor)
        }
        guard let found, found.issuingOrganId == issuer.id, found.number != nil, found.correctedById == nil else {
            check.fail(
                Self.fault(
                    "corrects", "not_correctable", "只能更正本单位已签发且尚未被更正的通报。",
                    "Only an issued bulletin of your own organ that was not corrected before can be corrected."))
            return nil
        }
        return found
    }

    /// Whoever got the wrong one must get the right one.
    private func checkCorrection(_ original: Bulletin?, _ receivers: [Organ], _ check: inout FormCheck) {
        let missing = (original?.recipients ?? []).filter { old in
            old.role != .superior && !receivers.contains { $0.id == old.organId }
        }
        guard !missing.isEmpty else { return }
        check.fail(
            Self.fault(
                "receiver", "receivers_of_original", "更正通报必须发给原通报的全部收文单位。",
                "A correction goes to every organ that received the original.",
                allowed: missing.map(\.organId.rawValue).joined(separator: ", ")))
    }
}
