import Access
import Calendar
import Concurrency
import Contracts

/// A token signer for tests with its JWKS, and ready-made persons of the demo city (Jiangmen 440700, Pengjiang 440703).
public struct TestTokens: Sendable {
    public let signer: TokenSigner

    public init() async throws {
        signer = try await TokenSigner()
    }

    public var source: StaticJWKS { StaticJWKS(json: signer.jwks()) }

    public func token(_ principal: Principal, now: Instant) async throws -> String {
        try await signer.sign(principal, now: now)
    }
}
