import Foundation
import JWTKit

/// Public keys of the signer (JWKS, RFC 7517): P-256 signature keys with a `kid`; everything else in the set is left out.
public struct KeySet: Sendable {
    let keys: [String: ES256PublicKey]

    /// Reads a JWKS document. A document without one usable key is refused.
    public init(json: [UInt8]) throws {
        let set = try JSONDecoder().decode(JWKS.self, from: Data(json))
        var keys: [String: ES256PublicKey] = [:]
        for key in set.keys {
            guard key.keyType == .ecdsa, key.curve == .ecdsa(.p256), key.algorithm == nil || key.algorithm == .es256,
                let kid = key.keyIdentifier?.string, let x = key.x, let y = key.y
            else { continue }
            keys[kid] = try ES256PublicKey(parameters: (x, y))
        }
        guard !keys.isEmpty else { throw TokenError.keysUnavailable }
        self.keys = keys
    }
}
