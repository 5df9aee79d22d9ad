/// Under which rule a camera records (公共安全视频图像信息系统管理条例 art 2, 7, 17).
public enum RetentionRegime: String, Codable, Hashable, CaseIterable, Sendable {
    /// A system of public safety in a public place: 30 days.
    case publicSafety = "public_safety"
    /// Inside the premises: the notice's 15 days.
    case `internal`
    /// Nobody has decided yet; the notice's 15 days until then.
    case undetermined
}
