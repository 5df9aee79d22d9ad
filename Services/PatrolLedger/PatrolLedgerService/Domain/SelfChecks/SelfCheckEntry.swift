import Calendar
import Contracts

/// A self-check as sent by page or program. All fields are optional here so that every fault is named by its field.
struct SelfCheckEntry: Codable, Hashable, Sendable {
    struct Zone: Codable, Hashable, Sendable {
        var zone: ZoneCode
        /// ok (未发现问题), violation or not_applicable (not in use).
        var result: ItemResult
    }

    struct Finding: Codable, Hashable, Sendable {
        var itemCode: String
        /// What was found.
        var note: String?
        /// A class more serious than the item's; absent = the item's own.
        var severity: Int?
    }

    /// One row for every zone that the canteen declares; required of a daily check.
    var zones: [Zone]?
    var findings: [Finding]?
    /// 未发现问题: must be declared where nothing was found.
    var noProblemFound: Bool?
    /// Daily: a remark. Weekly: analysis and treatment (排查治理). Monthly: minutes of the meeting (调度会议纪要).
    var summary: String?
    /// When it was filled in, where that was before it could be sent (RFC 3339 with offset).
    var enteredAt: Instant?
}

/// What keeps a self-check from being accepted, all faults at once.
struct SelfCheckIncomplete: Error, Hashable {
    struct Fault: Hashable, Sendable {
        var field: String
        var code: String
        var zh: String
        var en: String
        var allowed: String?
    }

    var faults: [Fault]
}

extension SelfCheckEntry {
    static let longestNote = 500
    static let longestSummary = 2000

    /// - Parameter zones: what the canteen declares and the checklist knows.
    func faults(
        _ period: SelfCheckPeriod, zones declared: [ZoneCode], checklist: Checklist
    ) -> [SelfCheckIncomplete.Fault] {
        zoneFaults(period, declared, checklist) + findingFaults(declared, checklist) + textFaults(period)
    }

    private func zoneFaults(
        _ period: SelfCheckPeriod, _ declared: [ZoneCode], _ checklist: Checklist
    ) -> [SelfCheckIncomplete.Fault] {
        var faults: [SelfCheckIncomplete.Fault] = []
        let rows = zones ?? []
        for code in Set(rows.map(\.zone)).sorted(by: { $0.rawValue < $1.rawValue }) {
            let field = "zones.\(code.rawValue)"
            if !declared.contains(code) {
                faults.append(
                    .init(
                        field: field, code: "unknown_zone", zh: "本食堂没有该区域", en: "The canteen has no such zone",
                        allowed: declared.map(\.rawValue).joined(separator: ", ")))
            } else if rows.filter({ $0.zone == code }).count > 1 {
                faults.append(.init(field: field, code: "duplicate", zh: "该区域填写了两次", en: "This zone is given twice"))
            }
        }
        guard period == .daily else { return faults }
        let found = Set((findings ?? []).compactMap { checklist.item($0.itemCode)?.zone })
        for code in declared {
            let field = "zones.\(code.rawValue)"
            switch rows.first(where: { $0.zone == code })?.result {
            case nil:
                faults.append(
                    .init(
                        field: field, code: "missing", zh: "请填写该区域的自查结果", en: "Give a result for this zone",
                        allowed: "ok, violation, not_applicable"))
            case .notObservable:
                faults.append(
                    .init(
                        field: field, code: "not_allowed", zh: "自查须到现场查看", en: "A self-check is done on the spot",
                        allowed: "ok, violation, not_applicable"))
            case .violation where !found.contains(code):
                faults.append(
                    .init(
                        field: field, code: "finding_missing", zh: "请选择该区域发现问题的检查项目",
                        en: "Say which items of this zone are not in order"))
            case .ok where found.contains(code), .notApplicable where found.contains(code):
                faults.append(
                    .init(
                        field: field, code: "contradiction", zh: "该区域有发现的问题，结果不能填“未发现问题”或“未使用”",
                        en: "This zone has a finding: it is neither in order nor unused"))
            default: break
            }
        }
        return faults
    }

    private func findingFaults(_ declared: [ZoneCode], _ checklist: Checklist) -> [SelfCheckIncomplete.Fault] {
        var faults: [SelfCheckIncomplete.Fault] = []
        var seen: Set<String> = []
        for finding in findings ?? [] {
            let field = "findings.\(finding.itemCode)"
            guard let item = checklist.item(finding.itemCode), declared.contains(item.zone) else {
                faults.append(
                    .init(field: field, code: "unknown_item", zh: "没有这个检查项目", en: "There is no such item here"))
                continue
            }
            if !seen.insert(finding.itemCode).inserted {
                faults.append(.init(field: field, code: "duplicate", zh: "该项目填写了两次", en: "This item is given twice"))
            }
            if finding.note.isBlank {
                faults.append(
                    .init(field: field, code: "description_missing", zh: "请描述发现的问题", en: "Describe what was found"))
            } else if let note = finding.note, note.count > Self.longestNote {
                faults.append(
                    .init(
                        field: field, code: "too_long", zh: "每项说明不得超过 \(Self.longestNote) 字",
                        en: "At most \(Self.longestNote) characters", allowed: "≤ \(Self.longestNote)"))
            }
            if let severity = finding.severity, !(1...item.severity).contains(severity) {
                faults.append(
                    .init(
                        field: field, code: "severity_lowered", zh: "问题等级只能调高，不能低于默认等级",
                        en: "The class may only be raised above the default", allowed: "1…\(item.severity)"))
            }
        }
        return faults
    }

    private func textFaults(_ period: SelfCheckPeriod) -> [SelfCheckIncomplete.Fault] {
        var faults: [SelfCheckIncomplete.Fault] = []
        let isClear = (findings ?? []).isEmpty
        if isClear && noProblemFound != true {
            faults.append(
                .init(
                    field: "no_problem_found", code: "declaration_missing", zh: "没有发现问题时，须勾选“未发现问题”（零风险报告）",
                    en: "Where nothing was found, declare so: a zero-problem report is a report", allowed: "true"))
        }
        if !isClear && noProblemFound == true {
            faults.append(
                .init(
                    field: "no_problem_found", code: "contradiction", zh: "已填写发现的问题，不能同时声明“未发现问题”",
                    en: "Something was found, so it cannot be declared clear", allowed: "false"))
        }
        if period != .daily && summary.isBlank {
            faults.append(
                .init(
                    field: "summary", code: "missing",
                    zh: period == .weekly ? "请填写排查治理情况" : "请填写调度会议纪要",
                    en: period == .weekly ? "Write down the week's analysis" : "Write down the minutes of the meeting"))
        }
        if let summary, summary.count > Self.longestSummary {
            faults.append(
                .init(
                    field: "summary", code: "too_long", zh: "不得超过 \(Self.longestSummary) 字",
                    en: "At most \(Self.longestSummary) characters", allowed: "≤ \(Self.longestSummary)"))
        }
        return faults
    }

    /// Every word of it, for the comparison with earlier reports; the time it was entered does not count.
    var words: [String] {
        let rows = (zones ?? []).map { "\($0.zone.rawValue)=\($0.result.rawValue)" }.sorted()
        let found = (findings ?? []).map { "\($0.itemCode):\(Self.squeezed($0.note)):\($0.severity ?? 0)" }.sorted()
        return rows + found + [Self.squeezed(summary)]
    }

    var hasText: Bool { !(findings ?? []).isEmpty || !summary.isBlank }

    /// Without white space: a blank more does not make another text.
    private static func squeezed(_ text: String?) -> String { (text ?? "").filter { !$0.isWhitespace } }
}
