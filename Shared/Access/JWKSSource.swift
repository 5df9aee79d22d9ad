/// Where the signer's public keys come from: the registry's JWKS over HTTP, or the registry's own signer.
public protocol JWKSSource: Sendable {
    /// The JWKS document as published.
    func fetchJWKS() async throws -> [UInt8]
}

/// Keys that are at hand: the registry itself, and tests.
public struct StaticJWKS: JWKSSource {
    private let json: [UInt8]

    public init(json: [UInt8]) { self.json = json }
    public func fetchJWKS() async throws -> [UInt8] { json }
}
