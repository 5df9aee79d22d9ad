import Access

/// What follows on a right password or a right code.
enum SignInOutcome: Sendable {
    case signedIn(SignedIn)
    /// Not yet: the token of the unfinished sign-in (a cookie) and what is to be done next.
    case unfinished(token: String, next: SignInStep)
}

/// What is still to be done between password and session, in this order.
enum SignInStep: String, Sendable {
    case code
    case enrol
    case password

    var path: String { "/registry/login/\(rawValue)" }
}

struct SignedIn: Sendable {
    let principal: Principal
    let accessToken: String
    /// The new session's cookie; nil for programs.
    let session: String?
    let returnPath: String?
}
