import Crypto
import CryptoExtras
import Foundation

/// A signed token of somebody else (JWS compact, RFC 7515). Only its form is known until `verify`.
public struct ForeignToken: Sendable {
    /// ID tokens with many claims have some kilobytes.
    public static let maximumBytes = 16_384

    private struct Header: Decodable {
        let alg: String
        let kid: String?
        let typ: String?
        let crit: [String]?
    }

    public let keyId: String?
    /// `typ`, e.g. `logout+jwt`.
    public let type: String?
    private let algorithm: String
    private let signed: [UInt8]
    private let payload: [UInt8]
    private let signature: [UInt8]

    /// Throws `TokenError`: not a token, an algorithm other than RS256 and ES256 (`none` and HMAC among them), extensions
    /// that must be understood. Keys named in the header (`jwk`, `jku`, `x5u`) are never looked at.
    public init(_ text: String) throws {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard text.utf8.count <= Self.maximumBytes, parts.count == 3, let head = Base64URL.decode(parts[0]),
            let payload = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2])
        else { throw TokenError.malformed }
        let header: Header
        do {
            header = try JSONDecoder().decode(Header.self, from: Data(head))
        } catch {
            throw TokenError.malformed
        }
        guard header.alg == "RS256" || header.alg == "ES256" else { throw TokenError.wrongAlgorithm }
        guard header.crit == nil else { throw TokenError.malformed }
        keyId = header.kid
        type = header.typ
        algorithm = header.alg
        signed = Array("\(parts[0]).\(parts[1])".utf8)
        self.payload = payload
        self.signature = signature
    }

    /// The claims, once the signature is right. Issuer, audience and times are the caller's to check.
    public func claims<Claims: Decodable>(_ type: Claims.Type, verifiedBy keys: ForeignKeys) throws -> Claims {
        guard let key = keys.key(keyId, algorithm: algorithm) else { throw TokenError.unknownKey }
        guard isValid(key) else { throw TokenError.badSignature }
        return try decode(type)
    }

    /// Who claims to have signed this, to find the keys by. Nothing else may be done with it.
    public func unverified<Claims: Decodable>(_ type: Claims.Type) throws -> Claims { try decode(type) }

    private func decode<Claims: Decodable>(_ type: Claims.Type) throws -> Claims {
        do {
            return try JSONDecoder().decode(type, from: Data(payload))
        } catch {
            throw TokenError.malformed
        }
    }

    private func isValid(_ key: ForeignKeys.Key) -> Bool {
        switch key {
        case .rs256(let key):
            return key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: Data(signature)), for: Data(signed),
                padding: .insecurePKCS1v1_5)
        case .es256(let key):
            do {
                return key.isValidSignature(
                    try P256.Signing.ECDSASignature(rawRepresentation: Data(signature)), for: Data(signed))
            } catch {
                return false
            }
        }
    }
}
