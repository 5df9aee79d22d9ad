import Crypto
import Digests
import Foundation
import Subprocess
import Testing

struct SignatureTests {
    /// The key pair, message and signature of GB/T 32918.5-2017 annex A (recommended curve, default signer's id).
    private static let pem = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIDlFII97IUSxPzbjisbTn5WIk5NpKGC1GkL7ge9N98W4oAoGCCqBHM9V
        AYItoUQDQgAECfnfMR5UIaFQ3X0WHkvFxnIXn60YM/wHa7CP81bzUCDM6kkM4md1
        pS3G6nGMwapgCu0F+/NeCEpmMvYHLamtEw==
        -----END EC PRIVATE KEY-----

        """
    private static let point =
        "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
        + "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    private static let signature =
        "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        + "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    private static let message = Array("message digest".utf8)

    private func bytes(_ hex: String) throws -> [UInt8] {
        let digits = Array(hex)
        return try stride(from: 0, to: digits.count, by: 2).map {
            try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
        }
    }

    @Test func sm2VerifiesTheExampleOfTheStandard() throws {
        let signer = try SM2Signer(pem: Self.pem)
        #expect(signer.key.algorithm == .sm2)
        #expect(try signer.key.bytes == bytes(Self.point))
        var signature = try bytes(Self.signature)
        #expect(signer.key.verifies(signature, of: Self.message))
        #expect(!signer.key.verifies(signature, of: Self.message + [0]))
        signature[20] ^= 1
        #expect(!signer.key.verifies(signature, of: Self.message))
    }

    @Test func everySchemeSignsAndChecksThroughOneInterface() throws {
        let signers: [any MessageSigner] = [
            try Ed25519Signer(Curve25519.Signing.PrivateKey()),
            try ES256Signer(pem: P256.Signing.PrivateKey().pemRepresentation), try SM2Signer(pem: Self.pem),
        ]
        #expect(Set(signers.map(\.key.algorithm)) == Set(SignatureAlgorithm.allCases))
        for signer in signers {
            let signature = try signer.sign(Self.message)
            #expect(signer.key.verifies(signature, of: Self.message), "\(signer.key.algorithm)")
            #expect(!signer.key.verifies(signature, of: Self.message.dropLast()))
            #expect(!signer.key.verifies([], of: Self.message))
            #expect(!signer.key.verifies(Array(signature.dropLast()), of: Self.message))
            for other in signers where other.key.algorithm != signer.key.algorithm {
                #expect(!other.key.verifies(signature, of: Self.message))
            }
        }
    }

    @Test func whatIsNoKeyIsRefused() throws {
        let p256 = P256.Signing.PrivateKey().pemRepresentation
        for text in ["", "x", p256, Self.pem.replacing("MHcCAQEE", with: "MHcCAQEF")] {
            #expect(throws: SignatureFailure.notAKey(.sm2)) { try SM2Signer(pem: text) }
        }
        #expect(SignatureKey(.sm2, [4, 1]) == nil)
        // 65 bytes that are no point of the curve verify nothing.
        let offCurve = try #require(SignatureKey(.sm2, [4] + Array(repeating: 1, count: 64)))
        #expect(!offCurve.verifies(try bytes(Self.signature), of: Self.message))
    }

    /// OpenSSL's own program and this library read each other's SM2 signatures.
    @Test func openSSLAgrees() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sm2-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func path(_ name: String) -> String { folder.appending(path: name).path }
        func openssl(_ arguments: [String]) async throws -> Bool {
            try await run(
                .name("openssl"), arguments: Arguments(arguments), output: .discarded, error: .discarded
            ).terminationStatus.isSuccess
        }
        let options = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-in", path("message")]
        #expect(
            try await openssl([
                "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", path("key"),
            ]))
        try Data(Self.message).write(to: folder.appending(path: "message"))
        let signer = try SM2Signer(pem: String(contentsOfFile: path("key"), encoding: .utf8))
        try Data(try signer.sign(Self.message)).write(to: folder.appending(path: "ours"))
        let check = ["pkeyutl", "-verify", "-inkey", path("key"), "-sigfile", path("ours")]
        #expect(try await openssl(check + options))
        let sign = ["pkeyutl", "-sign", "-inkey", path("key"), "-out", path("theirs")]
        #expect(try await openssl(sign + options))
        let theirs = [UInt8](try Data(contentsOf: folder.appending(path: "theirs")))
        #expect(signer.key.verifies(theirs, of: Self.message))
        try FileManager.default.removeItem(at: folder)
    }
}
