import Calendar

/// What a licence is worth today.
enum LicenceState: String, Codable, Sendable, CaseIterable {
    case valid
    /// Ends within `warningDays`.
    case expiring
    case expired
    /// Revoked, cancelled or withdrawn: shown, never removed (domain §7.5).
    case revoked

    /// The first reminder goes out 60 days before the end (domain §6 art 6).
    static let warningDays = 60

    /// `validTo` is inclusive: the licence is good until the end of that day in the city.
    init(validTo: LocalDate, revokedOn: LocalDate?, today: LocalDate) {
        if revokedOn != nil {
            self = .revoked
        } else if today > validTo {
            self = .expired
        } else if validTo.daysSinceEpoch - today.daysSinceEpoch <= Self.warningDays {
            self = .expiring
        } else {
            self = .valid
        }
    }
}
