/// What a parent representative's feedback is.
public enum FeedbackKind: String, Codable, Hashable, CaseIterable, Sendable {
    /// 投诉.
    case complaint
    /// 建议.
    case suggestion
    /// 表扬.
    case praise
}
