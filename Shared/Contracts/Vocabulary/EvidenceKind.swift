/// Kind of evidence.
public enum EvidenceKind: String, Codable, Hashable, CaseIterable, Sendable {
    /// 图片抓拍.
    case still
    /// 视频抓拍.
    case clip
    /// photograph uploaded by a school.
    case photograph
}
