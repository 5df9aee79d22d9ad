import Crypto
import Foundation

/// The keys that seal personal data at rest: the first seals, all open. A key of its own makes lookup hashes.
///
/// The file `data-key` of `SECRETS_DIR` holds one `id:base64 of 32 bytes` a line, the current key first. To rotate: put
/// a new line first, run `<service> reseal`, remove the old line.
public struct PersonalDataKeys: Sendable {
    public static let allowed = "lines of id:key, the current one first; id of a-z 0-9 -, key of 32 bytes in base64"

    private let current: (id: String, key: SymmetricKey)
    private let keys: [String: SymmetricKey]
    private let lookupKey: SymmetricKey

    /// nil when a line is not usable, an id is there twice, or there is no key.
    public init?(lines: String, lookupKey: String) {
        var entries: [(id: String, key: SymmetricKey)] = []
        for line in lines.split(whereSeparator: \.isNewline) {
            let line = line.trimmingPrefix(while: \.isWhitespace)
            if line.isEmpty || line.hasPrefix("#") { continue }
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, Self.isKeyId(String(parts[0])), let key = Self.key(String(parts[1])) else {
                return nil
            }
            entries.append((String(parts[0]), key))
        }
        guard let lookupKey = Self.key(lookupKey) else { return nil }
        self.init(entries, lookupKey: lookupKey)
    }

    /// Keys of a local stack or test, derived from another secret of the same service.
    public init(derivedFrom secret: Data) {
        let secret = SymmetricKey(data: secret)
        func derive(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: secret, info: Data("brightkitchen personal data \(purpose)".utf8),
                outputByteCount: 32)
        }
        current = (Self.derivedId, derive("sealing"))
        keys = [current.id: current.key]
        lookupKey = derive("lookup")
    }

    private init?(_ entries: [(id: String, key: SymmetricKey)], lookupKey: SymmetricKey) {
        guard let first = entries.first, Set(entries.map(\.id)).count == entries.count else { return nil }
        current = first
        keys = Dictionary(entries, uniquingKeysWith: { first, _ in first })
        self.lookupKey = lookupKey
    }

    private static let derivedId = "derived"

    /// These keys, and what `older` opens besides.
    public func opening(also older: PersonalDataKeys) -> PersonalDataKeys {
        let others = older.keys.filter { keys[$0.key] == nil }.map { (id: $0.key, key: $0.value) }
        let own = [current] + keys.filter { $0.key != current.id }.map { (id: $0.key, key: $0.value) }
        return PersonalDataKeys(own + others, lookupKey: lookupKey) ?? self
    }

    static func isKeyId(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }

    private static func key(_ base64: String) -> SymmetricKey? {
        let text = base64.filter { !$0.isWhitespace }
        guard let bytes = Data(base64Encoded: text), bytes.count == 32 else { return nil }
        return SymmetricKey(data: bytes)
    }

    /// What texts sealed with the current key begin with.
    public var currentPrefix: String { SealedText.prefix(keyId: current.id) }

    public func seal(_ text: String, at place: SealedPlace) throws -> SealedText {
        let sealed = try AES.GCM.seal(
            Data(text.utf8), using: current.key, authenticating: Data(place.authenticatedBytes))
        guard let box = sealed.combined else { throw CryptoKitError.incorrectParameterSize }
        return SealedText(keyId: current.id, box: box)
    }

    public func open(_ sealed: SealedText, at place: SealedPlace) throws -> String {
        guard let key = keys[sealed.keyId] else { throw PersonalDataError.unknownKey(id: sealed.keyId) }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed.box)
            let data = try AES.GCM.open(box, using: key, authenticating: Data(place.authenticatedBytes))
            guard let text = String(validating: data, as: UTF8.self) else {
                throw PersonalDataError.doesNotOpen(place)
            }
            return text
        } catch {
            throw PersonalDataError.doesNotOpen(place)
        }
    }

    /// Keyed hash (HMAC-SHA256) by which a value is found again without being stored: `domain` says what kind of value,
    /// e.g. `mobile-number`; bring the value to one form before.
    public func lookupHash(_ value: String, domain: String) -> [UInt8] {
        let bytes = Data("\(domain.utf8.count):\(domain)\(value)".utf8)
        return Array(HMAC<SHA256>.authenticationCode(for: bytes, using: lookupKey))
    }
}
