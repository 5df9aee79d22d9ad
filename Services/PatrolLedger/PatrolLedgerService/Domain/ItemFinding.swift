import Contracts

/// One row of a zone's checklist as entered.
struct ItemFinding: Codable, Hashable, Sendable {
    var code: String
    /// nil while the row is still empty (drafts).
    var result: ItemResult?
    /// What was seen (violation), why it could not be seen (not observable), or a remark.
    var note: String?
    /// Why there is no evidence for a violation.
    var noEvidenceReason: String?
    /// A class more serious than the default of the item; nil = the default.
    var severity: Int?
    /// Evidence taken in this zone that shows the violation.
    var evidenceIds: [EvidenceID]

    init(
        code: String, result: ItemResult? = nil, note: String? = nil, noEvidenceReason: String? = nil,
        severity: Int? = nil, evidenceIds: [EvidenceID] = []
    ) {
        self.code = code
        self.result = result
        self.note = note
        self.noEvidenceReason = noEvidenceReason
        self.severity = severity
        self.evidenceIds = evidenceIds
    }
}
