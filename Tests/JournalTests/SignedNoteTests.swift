import Crypto
import Digests
import Foundation
import Testing

@testable import Journal

@Suite struct SignedNoteTests {
    /// The example of the documentation of Go's `golang.org/x/mod/sumdb/note`, which the C2SP format comes from.
    static let vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    static let text = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        """
    static let signature =
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

    @Test func verifiesANoteSignedElsewhere() throws {
        let key = try #require(NoteKey(vkey: Self.vkey))
        #expect(key.name == "PeterNeumann")
        #expect(key.vkey == Self.vkey)
        let note = try #require(SignedNote(parsing: Self.text + "\n" + Self.signature))
        #expect(note.text == Self.text)
        #expect(key.verifies(note))
        #expect(note.serialized == Self.text + "\n" + Self.signature)
        var altered = note
        altered.text = altered.text.replacing("answer", with: "Answer")
        #expect(!key.verifies(altered))
    }

    @Test func signsAsTheSpecificationSays() throws {
        let seed = Data((0..<32).map { UInt8($0) })
        let signer = try CheckpointSigner(
            origin: "brightkitchen.example/registry", base64Seed: seed.base64EncodedString() + "\n")
        let root = try #require(MerkleHash(Array(repeating: 7, count: 32)))
        let checkpoint = Checkpoint(origin: signer.origin, size: 42, root: root)
        let note = try signer.sign(checkpoint)
        #expect(
            note.text == "brightkitchen.example/registry\n42\n\(Data(root.bytes).base64EncodedString())\n")
        let parsed = try #require(SignedNote(parsing: note.serialized))
        #expect(parsed == note)
        #expect(signer.key.verifies(parsed))
        #expect(Checkpoint(text: parsed.text) == checkpoint)
        // Key id as C2SP signed-note defines it, computed the long way.
        let publicKey = try Curve25519.Signing.PrivateKey(rawRepresentation: seed).publicKey.rawRepresentation
        let digest = SHA256.hash(data: Data(signer.origin.utf8) + [0x0a, 0x01] + publicKey)
        #expect(Array(digest.prefix(4)) == (0..<4).map { UInt8(truncatingIfNeeded: signer.key.keyId >> (24 - 8 * $0)) })
    }

    /// With an SM2 key a checkpoint has two lines; each is checked by its own key, and the first as before.
    @Test func anSM2KeySignsBesideTheJournalsKey() throws {
        let pem = """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIDlFII97IUSxPzbjisbTn5WIk5NpKGC1GkL7ge9N98W4oAoGCCqBHM9V
            AYItoUQDQgAECfnfMR5UIaFQ3X0WHkvFxnIXn60YM/wHa7CP81bzUCDM6kkM4md1
            pS3G6nGMwapgCu0F+/NeCEpmMvYHLamtEw==
            -----END EC PRIVATE KEY-----

            """
        let signer = try CheckpointSigner(
            origin: "o.example/log", privateKey: Curve25519.Signing.PrivateKey(), sm2: SM2Signer(pem: pem))
        let key = try #require(signer.sm2Key)
        #expect(key != signer.key && key.keyId != signer.key.keyId && key.publicKey.count == 65)
        #expect(NoteKey(vkey: key.vkey) == key)
        let note = try signer.sign(Checkpoint(origin: signer.origin, size: 0, root: MerkleTree.emptyRoot))
        let parsed = try #require(SignedNote(parsing: note.serialized))
        #expect(parsed == note && parsed.signatures.count == 2)
        #expect(signer.key.verifies(parsed) && key.verifies(parsed))
        var altered = parsed
        altered.text = altered.text.replacing("\n0\n", with: "\n1\n")
        #expect(altered.text != parsed.text && !signer.key.verifies(altered) && !key.verifies(altered))
        var first = parsed
        first.signatures.removeLast()
        #expect(signer.key.verifies(first) && !key.verifies(first))
    }

    @Test func anotherKeyOfTheSameNameVerifiesNothing() throws {
        let origin = "brightkitchen.example/registry"
        let signer = try CheckpointSigner(origin: origin, privateKey: Curve25519.Signing.PrivateKey())
        let other = try CheckpointSigner(origin: origin, privateKey: Curve25519.Signing.PrivateKey())
        let note = try signer.sign(Checkpoint(origin: origin, size: 0, root: MerkleTree.emptyRoot))
        #expect(!other.key.verifies(note))
    }

    @Test(arguments: [
        "", "\n\n", "text", "text\n", "text\n\n", "text\n— a AAAAAAA=\n", "text\n\n— a\n", "text\n\n— a AAAA\n",
        "text\n\n- a AAAAAAA=\n", "text\n\n— a+b AAAAAAA=\n", "text\n\n— a AAAAAAA=", "te\txt\n\n— a AAAAAAA=\n",
        "text\n\n— a AAAAAAA=\nmore\n", "text\n\n— a ????????\n",
    ])
    func refusesMalformedNotes(note: String) {
        #expect(SignedNote(parsing: note) == nil)
    }

    @Test(arguments: [
        "", "a\n1\n", "a\n01\nAAAA\n", "a\n-1\n\n", "\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
    ])
    func refusesMalformedCheckpoints(text: String) {
        #expect(Checkpoint(text: text) == nil)
    }

    @Test(arguments: [
        "", "a", "a+b", "a+00000000+AQ==", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ])
    func refusesMalformedKeys(vkey: String) {
        #expect(NoteKey(vkey: vkey) == nil)
    }

    @Test func seedMustBe32Bytes() {
        #expect(throws: CheckpointSigner.Failure.self) { try CheckpointSigner(origin: "a", base64Seed: "AAAA") }
        #expect(throws: CheckpointSigner.Failure.self) {
            try CheckpointSigner(origin: "a b", privateKey: Curve25519.Signing.PrivateKey())
        }
    }

    @Test func fileOfCheckpoints() throws {
        let signer = try CheckpointSigner(origin: "o.example/log", privateKey: Curve25519.Signing.PrivateKey())
        let notes = try (0..<3).map {
            try signer.sign(Checkpoint(origin: signer.origin, size: $0, root: MerkleTree.emptyRoot)).serialized
        }
        #expect(CheckpointFile.notes(in: notes.joined()) == notes)
        #expect(CheckpointFile.notes(in: notes.joined(separator: "\n\n").replacing("\n", with: "\r\n")) == notes)
        #expect(CheckpointFile.notes(in: "nothing\nsigned\n").isEmpty)
    }
}
