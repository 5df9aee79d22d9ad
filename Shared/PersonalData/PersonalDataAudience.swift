/// Who looks at a person's data; decides how much is shown.
public enum PersonalDataAudience: Hashable, Sendable {
    /// The person.
    case subject
    /// The organ, school or caterer that keeps the data.
    case keeper
    /// A regulator or bureau within its own area.
    case supervisor
    /// Everybody else.
    case everyone
}
