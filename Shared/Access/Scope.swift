/// The records that a cell of the matrix reaches.
public enum Scope: String, Codable, Hashable, Sendable {
    /// Everything in the officer's city.
    case city
    /// Everything in the officer's county.
    case county
    /// Everything in the station's area.
    case station
    /// Schools that the officer's bureau supervises; a city bureau also sees those of its department in its counties.
    case supervised
    /// The person's own school.
    case ownSchool = "own_school"
    /// The caterer itself and the canteens it supplies.
    case ownCaterer = "own_caterer"
    /// Records of the person's own organ.
    case ownOrgan = "own_organ"
    /// The representative's own school; cameras and windows are decided by the grant, in parent access.
    case granted
    /// Every record: auditors and administrators, who have no business rights.
    case everything
}
