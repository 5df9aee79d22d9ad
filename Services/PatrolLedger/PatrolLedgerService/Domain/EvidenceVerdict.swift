/// 审核结论: whether evidence may support a referral (行政处罚法 art 41).
enum EvidenceVerdict: String, Codable, Hashable, CaseIterable, Sendable {
    case admissible
    case inadmissible
}
