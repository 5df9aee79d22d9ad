/// How far an incident reaches.
public enum IncidentScope: String, Codable, Hashable, CaseIterable, Sendable {
    /// one canteen.
    case canteen
    /// several canteens of a division.
    case division
}
