import COpenSSL

/// What libcrypto does for SM2. Every C object lives for one call and is freed in it.
enum SM2 {
    /// The signer's id where the parties agreed on none (GM/T 0009-2012 §10).
    private static let signerID = Array("1234567812345678".utf8)

    /// SubjectPublicKeyInfo of a point on the curve SM2 (1.2.156.10197.1.301), up to the point.
    private static let publicKeyHeader: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c,
        0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00,
    ]

    /// The public point of a private key, uncompressed; nil when the text is no SM2 key.
    static func publicKey(pem: String) -> [UInt8]? {
        withPrivateKey(pem) { key in
            var point: UnsafeMutablePointer<UInt8>?
            let count = EVP_PKEY_get1_encoded_public_key(key, &point)
            defer { CRYPTO_free(point, nil, 0) }
            guard count == 65, let point else { return nil }
            return Array(UnsafeBufferPointer(start: point, count: count))
        }
    }

    static func sign(_ message: [UInt8], pem: String) -> [UInt8]? {
        withPrivateKey(pem) { key in
            withContext(key) { context in
                guard EVP_DigestSignInit(context, nil, EVP_sm3(), nil, key) == 1 else { return nil }
                var count = 0
                guard EVP_DigestSign(context, nil, &count, message, message.count) == 1 else { return nil }
                var signature = [UInt8](repeating: 0, count: count)
                guard EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else { return nil }
                return Array(signature.prefix(count))
            }
        }
    }

    /// False also when the bytes are no point of the curve or no signature.
    static func verifies(_ signature: [UInt8], of message: [UInt8], by point: [UInt8]) -> Bool {
        let encoded = publicKeyHeader + point
        let key = encoded.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return d2i_PUBKEY(nil, &start, bytes.count)
        }
        defer {
            EVP_PKEY_free(key)
            ERR_clear_error()
        }
        guard let key, EVP_PKEY_is_a(key, "SM2") == 1 else { return false }
        let verified = withContext(key) { context -> Bool? in
            guard EVP_DigestVerifyInit(context, nil, EVP_sm3(), nil, key) == 1 else { return nil }
            return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        }
        return verified ?? false
    }

    private static func withPrivateKey<Result>(_ pem: String, _ use: (OpaquePointer) -> Result?) -> Result? {
        // An encrypted key would ask the terminal for its password: an empty one is given instead.
        let key = Array(pem.utf8).withUnsafeBufferPointer { text -> OpaquePointer? in
            guard let input = BIO_new_mem_buf(text.baseAddress, Int32(text.count)) else { return nil }
            defer { BIO_free(input) }
            return PEM_read_bio_PrivateKey(input, nil, { _, _, _, _ in 0 }, nil)
        }
        defer {
            EVP_PKEY_free(key)
            ERR_clear_error()
        }
        guard let key, EVP_PKEY_is_a(key, "SM2") == 1 else { return nil }
        return use(key)
    }

    /// A context for one operation, with the signer's id that both sides hash in.
    private static func withContext<Result>(
        _ key: OpaquePointer, _ use: (OpaquePointer) -> Result?
    ) -> Result? {
        guard let parameters = EVP_PKEY_CTX_new(key, nil), let context = EVP_MD_CTX_new() else { return nil }
        defer {
            EVP_MD_CTX_free(context)
            EVP_PKEY_CTX_free(parameters)
        }
        guard EVP_PKEY_CTX_set1_id(parameters, signerID, Int32(signerID.count)) == 1 else { return nil }
        EVP_MD_CTX_set_pkey_ctx(context, parameters)
        return use(context)
    }
}
