import Access
import Contracts
import Hummingbird
import ServiceKit

/// Recognises representatives by the cookie `bk_parent`, from memory.
struct ParentSessions: SessionAuthenticator {
    let live: LiveState
    let refresher: LiveRefresher

    func authenticate(_ request: Request, _ context: BrightContext) async throws -> Principal? {
        guard let hash = request.parentLoginHash else { return nil }
        // A log-in that another replica answered a moment ago; all who ask at once share one reading.
        if !live.knows(loginHash: hash) { try await refresher.refresh() }
        guard let (account, _) = live.representative(loginHash: hash, now: context.now) else { return nil }
        return Principal(
            personId: PersonID(account.representativeId.rawValue), role: .parentRepresentative,
            schoolId: account.schoolId)
    }
}

extension Request {
    /// SHA-256 of the cookie `bk_parent`; nil without one that could be ours.
    var parentLoginHash: [UInt8]? {
        guard let cookie = cookies[CookieName.parent]?.value else { return nil }
        return SecretToken(received: cookie)?.hash
    }
}
