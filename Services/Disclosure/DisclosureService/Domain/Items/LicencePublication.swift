import Calendar

/// Decides whether a D1 item gets a new version. Pure.
enum LicencePublication: Hashable {
    /// What is public says it already.
    case unchanged
    case publish(LicenceDisclosure, reason: Reason)

    /// Why there is a new version.
    enum Reason: String, Sendable {
        case first
        case corrected
        case renewed
        case revoked
    }

    /// The registry told the facts of a licence. A revocation stands as long as the number is the same.
    static func afterFacts(_ facts: LicenceDisclosure, published: LicenceDisclosure?) -> LicencePublication {
        guard let published else { return .publish(facts, reason: .first) }
        var next = facts
        if facts.number == published.number {
            next.revokedOn = published.revokedOn
            next.revocation = published.revocation
        }
        if next == published { return .unchanged }
        return .publish(next, reason: facts.number == published.number ? .corrected : .renewed)
    }

    /// The licence with this number was revoked. Another number is public now: the news is about an older licence.
    static func afterRevocation(
        number: String, on day: LocalDate, kind: String, published: LicenceDisclosure?
    ) -> LicencePublication {
        guard var next = published, next.number == number, next.revokedOn == nil else { return .unchanged }
        next.revokedOn = day
        next.revocation = kind
        return .publish(next, reason: .revoked)
    }
}
