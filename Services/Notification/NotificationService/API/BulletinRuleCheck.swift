import ServiceKit

/// What is wrong with a routing table before anybody is asked to agree to it.
enum BulletinRuleCheck {
    static let maximumRules = 50

    static func faults(_ set: BulletinRuleSet) -> [FieldFault] {
        var faults = terms(set.terms)
        if set.rules.isEmpty || set.rules.count > maximumRules {
            faults.append(
                fault(
                    "rules", "not_in_range", "规则须有 1 到 \(maximumRules) 条。", "There must be 1 to \(maximumRules) rules.",
                    allowed: "1…\(maximumRules)"))
        }
        var seen: Set<String> = []
        for rule in set.rules {
            faults += self.faults(rule)
            if !seen.insert(rule.id).inserted {
                faults.append(fault("id", "duplicate", "规则代号 \(rule.id) 重复。", "The rule \(rule.id) occurs twice."))
            }
        }
        return faults
    }

    private static func terms(_ terms: BulletinTerms) -> [FieldFault] {
        [
            ("receipt_days", terms.receiptDays, 1...10), ("answer_days", terms.answerDays, 1...60),
            ("escalation_days", terms.escalationDays, 1...30),
        ].compactMap { name, value, range in
            range.contains(value)
                ? nil
                : fault(
                    name, "not_in_range", "请填写 \(range.lowerBound) 到 \(range.upperBound) 个工作日。",
                    "Please give \(range.lowerBound) to \(range.upperBound) working days.",
                    allowed: "\(range.lowerBound)…\(range.upperBound)")
        }
    }

    private static func faults(_ rule: BulletinRule) -> [FieldFault] {
        var faults: [FieldFault] = []
        if rule.id.isEmpty || rule.id.count > 40 || !rule.id.utf8.allSatisfy(isIdentifier) {
            faults.append(
                fault(
                    "id", "not_an_id", "规则代号只用小写字母、数字和连字符。", "A rule's id has lower-case letters, digits and hyphens.",
                    allowed: "a–z 0–9 -, ≤ 40"))
        }
        if rule.name.isEmpty || rule.name.count > 60 {
            faults.append(fault("name", "missing", "请填写规则名称（最多 60 字）。", "Name the rule in at most 60 characters."))
        }
        if rule.triggers.isEmpty {
            faults.append(fault("triggers", "missing", "请至少选择一种触发情形。", "Choose at least one trigger."))
        }
        if !rule.severities.allSatisfy((1...3).contains) {
            faults.append(fault("severities", "not_allowed", "级别为 1 到 3。", "Classes are 1 to 3.", allowed: "1, 2, 3"))
        }
        if !rule.divisions.allSatisfy({ $0.utf8.count == 6 && $0.utf8.allSatisfy { (48...57).contains($0) } }) {
            faults.append(
                fault("divisions", "not_a_division", "行政区划代码为六位数字。", "A division has six digits.", allowed: "440703"))
        }
        if rule.receivers.isEmpty && !rule.copies.isEmpty {
            faults.append(fault("receivers", "missing", "有抄送就须有主送。", "Copies need a receiver."))
        }
        return faults
    }

    private static func isIdentifier(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (48...57).contains(byte) || byte == 45
    }

    private static func fault(
        _ field: String, _ code: String, _ zh: String, _ en: String, allowed: String? = nil
    ) -> FieldFault {
        FieldFault(field: field, code: code, detail: LocalizedText(zh: zh, en: en), allowed: allowed)
    }
}
