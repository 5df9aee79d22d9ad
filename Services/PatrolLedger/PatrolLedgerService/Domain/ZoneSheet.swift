import Contracts

/// The checklist of one zone of one canteen in one patrol.
struct ZoneSheet: Hashable, Sendable {
    /// What still keeps a sheet from being submitted.
    enum Fault: Hashable, Sendable {
        case itemMissing(String)
        case unknownItem(String)
        case reasonMissing(String)
        case descriptionMissing(String)
        case evidenceMissing(String)
        case foreignEvidence(String)
        case severityLowered(String)
        /// Something is called ok or a violation though nobody looked.
        case notViewed(String)
    }

    var zone: ZoneCode
    var findings: [ItemFinding]

    /// Faults in the order of the checklist; empty = may be submitted.
    ///
    /// - Parameter viewedSeconds: what the server recorded for this zone; 0 = nobody looked.
    /// - Parameter evidence: evidence that was taken in this zone of this canteen in this patrol.
    func faults(checklist: Checklist, viewedSeconds: Int, evidence: Set<EvidenceID>) -> [Fault] {
        var faults: [Fault] = []
        let known = checklist.items(of: zone)
        for finding in findings where !known.contains(where: { $0.code == finding.code }) {
            faults.append(.unknownItem(finding.code))
        }
        for item in known {
            guard let finding = findings.last(where: { $0.code == item.code }), let result = finding.result else {
                faults.append(.itemMissing(item.code))
                continue
            }
            switch result {
            case .ok, .violation:
                if viewedSeconds == 0 && evidence.isEmpty { faults.append(.notViewed(item.code)) }
            case .notObservable:
                if finding.note.isBlank { faults.append(.reasonMissing(item.code)) }
            case .notApplicable:
                break
            }
            guard result == .violation else { continue }
            if finding.note.isBlank { faults.append(.descriptionMissing(item.code)) }
            if finding.evidenceIds.isEmpty && finding.noEvidenceReason.isBlank {
                faults.append(.evidenceMissing(item.code))
            }
            if !evidence.isSuperset(of: finding.evidenceIds) { faults.append(.foreignEvidence(item.code)) }
            if let severity = finding.severity, severity > item.severity || severity < 1 {
                faults.append(.severityLowered(item.code))
            }
        }
        return faults
    }

    func count(_ result: ItemResult) -> Int { findings.filter { $0.result == result }.count }
}

extension ZoneSheet.Fault {
    var itemCode: String {
        switch self {
        case .itemMissing(let code), .unknownItem(let code), .reasonMissing(let code), .descriptionMissing(let code),
            .evidenceMissing(let code), .foreignEvidence(let code), .severityLowered(let code), .notViewed(let code):
            code
        }
    }

    var code: String {
        switch self {
        case .itemMissing: "item_missing"
        case .unknownItem: "unknown_item"
        case .reasonMissing: "reason_missing"
        case .descriptionMissing: "description_missing"
        case .evidenceMissing: "evidence_missing"
        case .foreignEvidence: "foreign_evidence"
        case .severityLowered: "severity_lowered"
        case .notViewed: "zone_not_viewed"
        }
    }

    var zh: String {
        switch self {
        case .itemMissing: "未填写结果"
        case .unknownItem: "检查项目不属于该区域"
        case .reasonMissing: "无法观察时须说明原因"
        case .descriptionMissing: "发现问题时须描述所见情况"
        case .evidenceMissing: "发现问题须至少关联一份证据，或说明没有证据的原因"
        case .foreignEvidence: "所选证据不是在本次巡查该区域取得"
        case .severityLowered: "问题等级只能调高，不能低于默认等级"
        case .notViewed: "没有该区域的观看记录，不能填写“符合”或“发现问题”"
        }
    }

    var en: String {
        switch self {
        case .itemMissing: "no result"
        case .unknownItem: "this item does not belong to the zone"
        case .reasonMissing: "say why it could not be observed"
        case .descriptionMissing: "describe what was seen"
        case .evidenceMissing: "attach evidence or say why there is none"
        case .foreignEvidence: "the evidence was not taken in this zone of this patrol"
        case .severityLowered: "the class may only be raised above the default"
        case .notViewed: "nobody viewed this zone, so it can be neither in order nor a violation"
        }
    }
}

extension String? {
    /// nil, empty or white space only.
    var isBlank: Bool { self?.allSatisfy(\.isWhitespace) ?? true }
}
