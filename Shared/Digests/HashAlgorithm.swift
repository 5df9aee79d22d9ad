import Crypto

/// A hash by its name. Stored digests carry the name (`sha256:…`), so that a city may change to the commercial
/// cryptography 商密 that its assessment asks for while old digests can still be checked.
public enum HashAlgorithm: String, CaseIterable, Sendable {
    /// FIPS 180-4.
    case sha256
    /// GB/T 32905-2016.
    case sm3

    public func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        switch self {
        case .sha256: Array(SHA256.hash(data: Array(bytes)))
        case .sm3: SM3.hash(bytes)
        }
    }
}
