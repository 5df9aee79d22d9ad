import Calendar
import Concurrency
import Contracts
import JWTKit
import Synchronization

/// Checks access tokens: ES256 only, the key named by `kid` only, issuer, audience and times. A token that was verified
/// once is remembered until it expires, so that a request costs a dictionary look-up and not a signature.
///
/// Keys are fetched when first needed, again when a token names an unknown key (at most every `refreshInterval`), and
/// again after `keyLifetime`, so that a withdrawn key stops working.
public actor TokenVerifier {
    /// At most one fetch in this time, whatever unknown `kid`s are thrown at us.
    static let refreshInterval: Duration = .seconds(5)
    static let keyLifetime: Duration = .seconds(10 * 60)
    /// 2 × 8,192 tokens of some 600 bytes: 10 MB at most.
    private static let cacheCapacity = 8192

    private struct Verified: Sendable {
        let principal: Principal
        let issuedAt: Int64
        let notBefore: Int64
        let expiry: Int64
        let session: String?
    }

    private struct Cache: Sendable {
        var recent: [String: Verified] = [:]
        var older: [String: Verified] = [:]
    }

    private let source: any JWKSSource
    private let clock: any WallClock
    private nonisolated let cache = Mutex(Cache())
    private nonisolated let revocations = Mutex(Revocations())
    private var keys: KeySet?
    private var loadedAt: Instant?
    private var triedAt: Instant?

    public init(source: any JWKSSource, clock: any WallClock = SystemClock()) {
        self.source = source
        self.clock = clock
    }

    /// The person a token stands for. Throws `TokenError`.
    public nonisolated func verify(_ token: String) async throws -> Principal {
        if let known = remembered(token) { return try check(known) }
        guard token.utf8.count <= TokenParameters.maximumBytes else { throw TokenError.malformed }
        let verified = try await verifySignature(token)
        let principal = try check(verified)
        remember(token, verified)
        return principal
    }

    /// Replaces what is known to be revoked. Tokens are remembered, revocations are looked up at every request.
    public nonisolated func revoke(_ revocations: Revocations) {
        self.revocations.withLock { $0 = revocations }
    }

    private nonisolated func check(_ token: Verified) throws -> Principal {
        let isRevoked = revocations.withLock {
            $0.covers(token.principal.personId, session: token.session, issuedAt: token.issuedAt)
        }
        guard !isRevoked else { throw TokenError.revoked }
        let now = clock.now().microseconds / 1_000_000
        guard now < token.expiry else { throw TokenError.expired }
        guard token.notBefore <= now + TokenParameters.clockSkew.components.seconds else {
            throw TokenError.notYetValid
        }
        return token.principal
    }

    private func verifySignature(_ token: String) async throws -> Verified {
        let bytes = Array(token.utf8)
        let header: JWTHeader
        do {
            header = try DefaultJWTParser().parse(bytes, as: AnyClaims.self).header
        } catch {
            throw TokenError.malformed
        }
        guard header.alg == "ES256" else { throw TokenError.wrongAlgorithm }
        guard header.crit == nil, let kid = header.kid else { throw TokenError.unknownKey }
        let key = try await self.key(kid)
        let collection = JWTKeyCollection()
        await collection.add(ecdsa: key, kid: JWKIdentifier(string: kid))
        let claims: TokenClaims
        do {
            claims = try await collection.verify(bytes, as: TokenClaims.self)
        } catch let error as JWTError where error.errorType == .malformedToken {
            throw TokenError.malformed
        } catch {
            throw TokenError.badSignature
        }
        guard claims.issuer == TokenParameters.issuer else { throw TokenError.wrongIssuer }
        guard claims.audience == TokenParameters.audience else { throw TokenError.wrongAudience }
        return Verified(
            principal: claims.principal, issuedAt: claims.issuedAt, notBefore: claims.notBefore,
            expiry: claims.expiry, session: claims.session)
    }

    private func key(_ kid: String) async throws -> ES256PublicKey {
        let now = clock.now()
        let isStale = loadedAt.map { now - $0 > Self.keyLifetime } ?? true
        if !isStale, let key = keys?.keys[kid] { return key }
        let mayTry = triedAt.map { now - $0 >= Self.refreshInterval || now < $0 } ?? true
        if mayTry {
            triedAt = now
            do {
                keys = try KeySet(json: try await source.fetchJWKS())
                loadedAt = now
                forgetAll()
            } catch {
                // An unreachable signer must not lock out those whose key is known: fall through to what we have.
                if keys == nil { throw TokenError.keysUnavailable }
            }
        }
        guard let keys else { throw TokenError.keysUnavailable }
        guard let key = keys.keys[kid] else { throw TokenError.unknownKey }
        return key
    }

    private nonisolated func remembered(_ token: String) -> Verified? {
        cache.withLock { cache in
            if let hit = cache.recent[token] { return hit }
            guard let hit = cache.older[token] else { return nil }
            cache.recent[token] = hit
            return hit
        }
    }

    private nonisolated func remember(_ token: String, _ verified: Verified) {
        cache.withLock { cache in
            if cache.recent.count >= Self.cacheCapacity {
                cache.older = cache.recent
                cache.recent = [:]
            }
            cache.recent[token] = verified
        }
    }

    /// After new keys were read, tokens of a withdrawn key must be verified anew.
    private func forgetAll() {
        cache.withLock { $0 = Cache() }
    }
}

/// Reads a token's header without caring what it claims.
private struct AnyClaims: JWTPayload {
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
