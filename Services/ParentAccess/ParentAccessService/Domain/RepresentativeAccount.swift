import Calendar
import Contracts

/// What a decision must know about a representative: nothing personal.
struct RepresentativeAccount: Hashable, Sendable {
    let representativeId: RepresentativeID
    let schoolId: SchoolID
    var state: AccountState
    /// Public number for the login form and the watermark, e.g. `P-2026-4F7K-9031`.
    let accountNumber: String
    /// First moment at which the account no longer counts.
    var expiresAt: Instant
    var kind: AccountKind = .parent
    /// Version of the terms accepted last; nil before the activation.
    var consentVersion: String?

    /// Last four characters, shown in the watermark.
    var suffix: String { String(accountNumber.suffix(4)) }
}
