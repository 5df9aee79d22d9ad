import Crypto
import CryptoExtras
import Foundation

/// Public keys of somebody else as JWKS (RFC 7517): an OpenID provider's, an API client's. RSA of 2048 bits and more for
/// RS256, P-256 for ES256; other keys are left out.
public struct ForeignKeys: Sendable {
    /// 64 KiB hold some fifty RSA keys.
    public static let maximumBytes = 65_536

    enum Key: Sendable {
        case rs256(_RSA.Signing.PublicKey)
        case es256(P256.Signing.PublicKey)

        var algorithm: String {
            switch self {
            case .rs256: "RS256"
            case .es256: "ES256"
            }
        }
    }

    private struct Document: Decodable {
        struct JWK: Decodable {
            let kty: String
            let use: String?
            let alg: String?
            let kid: String?
            let n: String?
            let e: String?
            let crv: String?
            let x: String?
            let y: String?
            /// Somebody sent a private key: never accepted, so that it is noticed.
            let d: String?
        }

        let keys: [JWK]
    }

    private let keys: [(kid: String?, key: Key)]

    public var isEmpty: Bool { keys.isEmpty }

    /// Throws for what is no JWKS, and for a set that holds a private key.
    public init(json: [UInt8]) throws {
        guard json.count <= Self.maximumBytes else { throw TokenError.malformed }
        let document = try JSONDecoder().decode(Document.self, from: Data(json))
        guard document.keys.allSatisfy({ $0.d == nil }) else { throw TokenError.malformed }
        keys = document.keys.compactMap { jwk in
            guard jwk.use == nil || jwk.use == "sig", let key = Self.usable(jwk),
                jwk.alg == nil || jwk.alg == key.algorithm
            else { return nil }
            return (jwk.kid, key)
        }
    }

    /// nil also for a key that is too short or no point of the curve: the others of the set stay good.
    private static func usable(_ jwk: Document.JWK) -> Key? {
        do {
            return try key(jwk)
        } catch {
            return nil
        }
    }

    private static func key(_ jwk: Document.JWK) throws -> Key? {
        switch jwk.kty {
        case "RSA":
            guard let n = jwk.n.flatMap(Base64URL.decode), let e = jwk.e.flatMap(Base64URL.decode) else { return nil }
            let key = try _RSA.Signing.PublicKey(n: Data(n), e: Data(e))
            return key.keySizeInBits >= 2048 ? .rs256(key) : nil
        case "EC":
            guard jwk.crv == "P-256", let x = jwk.x.flatMap(Base64URL.decode), let y = jwk.y.flatMap(Base64URL.decode),
                x.count == 32, y.count == 32
            else { return nil }
            return .es256(try P256.Signing.PublicKey(rawRepresentation: Data(x + y)))
        default: return nil
        }
    }

    /// Whether a key of this id is in the set.
    public func contains(_ kid: String?) -> Bool { kid == nil ? !keys.isEmpty : keys.contains { $0.kid == kid } }

    /// The key of that id and algorithm; without an id only where it is the only one of its algorithm.
    func key(_ kid: String?, algorithm: String) -> Key? {
        let fitting = keys.filter { $0.key.algorithm == algorithm && (kid == nil || $0.kid == kid) }
        return fitting.count == 1 ? fitting[0].key : nil
    }
}
