/// The terms a representative accepts, by version; the text itself is in the page's strings under `consent_<version>`.
enum Consent {
    /// Raised whenever the text changes; the accepted version is kept with the account.
    static let currentVersion = "2026-11"
}
