import COpenSSL

/// The hash SM3 (GB/T 32905-2016, ISO/IEC 10118-3:2018), 32 bytes, computed by OpenSSL's libcrypto.
enum SM3 {
    static func hash(_ message: some Sequence<UInt8>) -> [UInt8] {
        let message = Array(message)
        var digest = [UInt8](repeating: 0, count: 32)
        let done = EVP_Digest(message, message.count, &digest, nil, EVP_sm3(), nil)
        precondition(done == 1, "libcrypto was built without SM3")
        return digest
    }
}
