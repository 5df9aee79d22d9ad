/// Where a sign-in comes from.
struct Visit: Sendable {
    let address: String
    /// `Chrome · Windows`.
    let agent: String?
    /// The session the browser had before: it ends, so that nobody keeps riding on it (session fixation).
    let formerSession: String?
}
