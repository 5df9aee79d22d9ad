import Calendar
import Contracts
import Crypto
import Foundation
import JWTKit

/// Signs access tokens with ES256 and publishes its public key. One key per signer; a rotation is a second signer whose
/// document both keys are published in (`jwks(of:)`).
public struct TokenSigner: Sendable {
    public let kid: String
    private let key: ES256PrivateKey
    private let keys: JWTKeyCollection

    /// The key as PEM (SEC 1 or PKCS #8, P-256). The `kid` is the RFC 7638 thumbprint of the public key.
    public init(pem: String) async throws {
        try await self.init(key: ES256PrivateKey(pem: pem))
    }

    /// With a new random key.
    public init() async throws {
        try await self.init(key: ES256PrivateKey())
    }

    private init(key: ES256PrivateKey) async throws {
        self.key = key
        kid = Self.thumbprint(key)
        keys = JWTKeyCollection()
        await keys.add(ecdsa: key, kid: JWKIdentifier(string: kid))
    }

    public var pem: String { key.pemRepresentation }

    /// A token for this person or program, valid from now on. `session`: the browser session it dies with.
    /// `notAfter`: the end of the appointment, where it comes before the end of the lifetime.
    public func sign(
        _ principal: Principal, now: Instant, lifetime: Duration = TokenParameters.lifetime, session: String? = nil,
        notAfter: Instant? = nil
    ) async throws -> String {
        let seconds = now.microseconds / 1_000_000
        let latest = notAfter.map { $0.microseconds / 1_000_000 } ?? .max
        return try await sign(
            TokenClaims(
                issuer: TokenParameters.issuer, audience: TokenParameters.audience, subject: principal.personId,
                issuedAt: seconds, notBefore: seconds, expiry: min(seconds + lifetime.components.seconds, latest),
                tokenId: UUIDv7.string(), role: principal.role, organId: principal.organId,
                organLevel: principal.organLevel, department: principal.department,
                divisionCode: principal.divisionCode, schoolId: principal.schoolId, session: session,
                scope: principal.scopes.map { $0.map(\.rawValue).sorted().joined(separator: " ") },
                training: principal.training))
    }

    func sign(_ claims: TokenClaims) async throws -> String {
        try await keys.sign(claims, kid: JWKIdentifier(string: kid))
    }

    /// The document for `/registry/.well-known/jwks.json`.
    public func jwks() -> [UInt8] { Self.jwks(of: [self]) }

    /// One document with the public keys of several signers, for a rotation.
    public static func jwks(of signers: [TokenSigner]) -> [UInt8] {
        let keys = signers.map { signer in
            let (x, y) = signer.coordinates
            return
                #"{"alg":"ES256","crv":"P-256","kid":"\#(signer.kid)","kty":"EC","use":"sig","x":"\#(x)","y":"\#(y)"}"#
        }
        return Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8)
    }

    private var coordinates: (x: String, y: String) { Self.coordinates(key) }

    private static func coordinates(_ key: ES256PrivateKey) -> (x: String, y: String) {
        guard let parameters = key.parameters else { return ("", "") }
        return (urlSafe(parameters.x), urlSafe(parameters.y))
    }

    /// RFC 7638: SHA-256 of the required members in lexicographic order.
    private static func thumbprint(_ key: ES256PrivateKey) -> String {
        let (x, y) = coordinates(key)
        let canonical = #"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#
        return urlSafe(Data(SHA256.hash(data: Data(canonical.utf8))).base64EncodedString())
    }

    private static func urlSafe(_ base64: String) -> String {
        base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
