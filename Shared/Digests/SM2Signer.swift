/// SM2 (GB/T 32918.2-2016) with SM3 through OpenSSL's libcrypto; signatures in the DER form of GM/T 0009-2012.
public struct SM2Signer: MessageSigner {
    private let pem: String
    public let key: SignatureKey

    /// The key as PEM: what `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2` writes.
    public init(pem: String) throws {
        guard let point = SM2.publicKey(pem: pem), let key = SignatureKey(.sm2, point) else {
            throw SignatureFailure.notAKey(.sm2)
        }
        self.pem = pem
        self.key = key
    }

    public func sign(_ message: [UInt8]) throws -> [UInt8] {
        guard let signature = SM2.sign(message, pem: pem) else { throw SignatureFailure.refused(.sm2) }
        return signature
    }
}
