import Contracts
import ServiceKit

/// The refusals of the desk.
enum Refuse {
    static func faults(_ faults: [ContentFault]) -> Problem {
        Problem(
            faults: faults.map {
                FieldFault(
                    field: $0.field, code: $0.code, detail: LocalizedText(zh: $0.detail.zh, en: $0.detail.en),
                    allowed: $0.allowed)
            })
    }

    static let missingReason = Problem.invalid(
        "reason", code: "missing", zh: "请说明理由（至少 4 个字）。", en: "Please give a reason (4 characters at least).",
        allowed: "4…500 characters")

    static let longReason = Problem.invalid(
        "reason", code: "too_long", zh: "最多 500 个字。", en: "At most 500 characters.", allowed: "≤ 500")

    static func notApplicable(_ category: DisclosureCategory) -> Problem {
        let allowed = DisclosureCategory.allCases.filter { CategoryDefinition.of($0).allowsNotApplicable }
        return .invalid(
            "not_applicable", code: "not_applicable_refused", zh: "\(category.rawValue) 不能声明为不适用。",
            en: "\(category.rawValue) cannot be declared not applicable.",
            allowed: allowed.map(\.rawValue).joined(separator: ", "))
    }

    static let nitrite = Problem.invalid(
        "name", code: "nitrite_forbidden", zh: "学校食堂禁止采购、贮存、使用亚硝酸盐。本次填报已记录并告知监管部门。",
        en: "No canteen may buy, keep or use nitrite. The attempt is on record and the regulator is told.")

    static func step(_ step: ItemLifecycle.Step, _ state: ItemState) -> Problem {
        .conflict(
            code: "wrong_state", zh: "当前状态（\(state.rawValue)）不能进行此操作。",
            en: "This step (\(step.rawValue)) is not possible while the item is \(state.rawValue).")
    }

    static let changedMeanwhile = Problem.conflict(
        code: "changed_meanwhile", zh: "内容已被他人修改，请重新打开后再改。",
        en: "Somebody changed this meanwhile. Open it again before you change it.")

    static let duplicate = Problem.conflict(
        code: "duplicate_item", zh: "同一内容（批次、月份或日期）已公示，请更正原条目。",
        en: "The same batch, month or day is public already: correct that item instead.")

    static let hasCurrentItems = Problem.conflict(
        code: "has_current_items", zh: "此类仍有公示中的内容，请先撤下再声明不适用。",
        en: "This category has public items: withdraw them before it is declared not applicable.")
}
