import Calendar
import Crypto
import Foundation
import Kafka
import TestSupport
import Testing

@testable import Journal

/// What strangers hand us to verify or to consume: no crash, and nothing is read as something else.
@Suite struct ParserFuzzTests {
    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func notesCheckpointsAndKeys() throws {
        let signer = try CheckpointSigner(origin: "example.org/log", privateKey: Curve25519.Signing.PrivateKey())
        let root = try #require(MerkleHash([UInt8](repeating: 7, count: 32)))
        let checkpoint = Checkpoint(origin: "example.org/log", size: 1234, root: root)
        let note = try signer.sign(checkpoint).serialized
        var notes = ByteMutation([note, note.replacing("1234", with: "0")], dictionary: ["— ", "\n\n", "+", "=="])
        let verified = notes.count { bytes in
            guard let parsed = SignedNote(parsing: Self.text(bytes)) else { return false }
            #expect(SignedNote(parsing: parsed.serialized) == parsed)
            guard signer.key.verifies(parsed) else { return false }
            #expect(parsed.text == checkpoint.text, "a signature holds for nothing but what was signed")
            return true
        }
        #expect(verified < ByteMutation.rounds)
        var heads = ByteMutation([checkpoint.text, "a\n1\n\(Data(root.bytes).base64EncodedString())\next\n"])
        let read = heads.count { bytes in
            guard let head = Checkpoint(text: Self.text(bytes)) else { return false }
            return Self.text(bytes).hasPrefix(head.origin + "\n\(head.size)\n")
        }
        #expect(read > 0)
        var keys = ByteMutation([signer.key.vkey])
        _ = keys.count { bytes in
            guard let key = NoteKey(vkey: Self.text(bytes)) else { return false }
            #expect(NoteKey(vkey: key.vkey) == key)
            return true
        }
    }

    @Test func tilePathsHaveOneSpelling() {
        var inputs = ByteMutation(
            ["checkpoint", "tile/0/000", "tile/1/x001/x234/067.p/3", "tile/entries/x001/000.p/255"],
            dictionary: ["x", ".p/", "/", "256", "tile/63/", "x999/999"])
        let accepted = inputs.count { bytes in
            let text = Self.text(bytes)
            guard let path = TilePath(path: text) else { return false }
            #expect(path.path == text)
            return true
        }
        #expect(accepted > 0)
    }

    @Test func recordHeaders() {
        let good = [
            "ce_specversion": "1.0", "ce_id": "0192f0c1-7a3b-7def-8123-456789abcdef", "ce_source": "urn:x:registry",
            "ce_type": "brightkitchen.registry.canteen.registered.v1", "ce_time": "2026-11-23T09:00:00+08:00",
            "ce_sequence": "12", "ce_partitionkey": "canteen-1", "ce_journalindex": "5",
        ]
        var accepted = 0
        for (index, name) in good.keys.sorted().enumerated() {
            var values = ByteMutation(
                [good[name] ?? ""], dictionary: ["+", "Z", "T", "0", "٣"], seed: ByteMutation.seed &+ UInt64(index))
            accepted += values.count { bytes in
                var headers = good.mapValues { Array($0.utf8) }
                headers[name] = bytes
                let record = ReceivedRecord(
                    topic: "t", partition: 0, offset: 1, key: nil, value: [0x7b, 0x7d],
                    headers: headers.map { KafkaHeader(name: $0.key, value: $0.value) }, timestamp: nil)
                do {
                    let envelope = try EventEnvelope(record)
                    let texts = [envelope.id, envelope.source, envelope.type, envelope.partitionKey]
                    #expect(!texts.contains { $0.utf8.contains(0) } && (envelope.sequence ?? 1) > 0)
                    #expect(!envelope.id.isEmpty && !envelope.source.isEmpty && !envelope.type.isEmpty)
                    return true
                } catch { return false }
            }
        }
        #expect(accepted > 0)
    }
}
