/// What a person says about a camera's first picture.
public enum FirstFrameDecision: String, Codable, CaseIterable, Sendable {
    /// The picture shows the declared zone and nothing private: the camera becomes active.
    case confirm
    /// It does not: the camera stays pending and the reason is recorded.
    case reject
}
