import Contracts
import Crypto
import Foundation

/// Seals webhook secrets for the table they rest in: AES-256-GCM, bound to the endpoint, so that a row copied to another
/// endpoint does not open.
struct SecretSeal: Sendable {
    private let key: SymmetricKey

    init(key: SymmetricKey) {
        self.key = key
    }

    /// The local stack's key, derived from the journal's signing seed where no key of its own was given.
    init(derivedFrom seed: Data) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: seed), info: Data("brightkitchen webhook secrets".utf8),
            outputByteCount: 32)
    }

    func seal(_ text: String, for endpoint: EndpointID) throws -> [UInt8] {
        let box = try AES.GCM.seal(Data(text.utf8), using: key, authenticating: Data(endpoint.rawValue.utf8))
        guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return [UInt8](combined)
    }

    func open(_ sealed: [UInt8], for endpoint: EndpointID) throws -> String {
        let box = try AES.GCM.SealedBox(combined: Data(sealed))
        let data = try AES.GCM.open(box, using: key, authenticating: Data(endpoint.rawValue.utf8))
        return String(decoding: data, as: UTF8.self)
    }
}
