import Contracts
import Foundation
import Journal

/// Checks an evidence export with nothing but the file and the log's public key.
struct ExportVerifier: Sendable {
    struct Report: Hashable, Sendable {
        var origin = ""
        var treeSize: UInt64 = 0
        var evidence = 0
        var ledgerEntries = 0
        /// Each names the thing that does not hold.
        var failures: [String] = []
    }

    /// Key of the log, from somewhere else than the archive.
    let key: NoteKey

    func verify(_ bytes: [UInt8]) -> Report {
        var report = Report()
        do {
            try verify(try ZipArchive(bytes), &report)
        } catch {
            report.failures.append("\(error)")
        }
        return report
    }

    private func verify(_ zip: ZipArchive, _ report: inout Report) throws {
        guard let document = zip.file("manifest.json") else {
            report.failures.append("manifest.json is missing")
            return
        }
        let manifest = try EventJSON.decode(ExportManifest.self, from: document)
        guard manifest.format == ExportManifest.format else {
            report.failures.append("the format is \(manifest.format), this program knows \(ExportManifest.format)")
            return
        }
        guard let text = zip.file("checkpoint"), let note = SignedNote(parsing: String(decoding: text, as: UTF8.self)),
            let checkpoint = Checkpoint(text: note.text)
        else {
            report.failures.append("checkpoint is missing or no checkpoint")
            return
        }
        report.origin = checkpoint.origin
        report.treeSize = checkpoint.size
        if !key.verifies(note) { report.failures.append("checkpoint: no valid signature by \(key.name)") }
        if checkpoint.origin != key.name || checkpoint.size != manifest.treeSize {
            report.failures.append("checkpoint: it is of another log or another size than the manifest says")
        }
        for piece in manifest.evidence {
            report.evidence += 1
            check(piece, zip, checkpoint, &report)
        }
        for entry in manifest.ledger {
            report.ledgerEntries += 1
            let name = "ledger entry \(entry.ledgerNumber)"
            let actual = zip.file(entry.file).map { EvidenceVault.hexDigest($0) }
            if actual != entry.hash { report.failures.append("\(name): \(entry.file) does not hash to \(entry.hash)") }
            check(
                entry.entry, name, ["ledger_number": entry.ledgerNumber, "content_hash": entry.hash], zip, checkpoint,
                &report)
        }
    }

    private func check(
        _ piece: ExportManifest.Piece, _ zip: ZipArchive, _ checkpoint: Checkpoint, _ report: inout Report
    ) {
        let name = "evidence \(piece.evidenceId)"
        if let file = piece.file {
            let actual = zip.file(file).map { EvidenceVault.hexDigest($0) }
            if actual != piece.hash { report.failures.append("\(name): \(file) does not hash to \(piece.hash)") }
        } else if !piece.custody.contains(where: { $0.step == .disposed }) {
            report.failures.append("\(name): the original is missing without a record of its disposal")
        }
        check(
            piece.seal, name, ["evidence_id": piece.evidenceId.rawValue, "hash": piece.hash], zip, checkpoint, &report)
    }

    /// The leaf says what the manifest says, and the tree of the checkpoint contains it.
    private func check(
        _ leaf: ExportManifest.Leaf, _ name: String, _ expected: [String: String], _ zip: ZipArchive,
        _ checkpoint: Checkpoint, _ report: inout Report
    ) {
        guard let bytes = zip.file(leaf.file) else {
            report.failures.append("\(name): \(leaf.file) is missing")
            return
        }
        let proof = leaf.proof.compactMap { MerkleHash(hex: $0) }
        let isIncluded =
            proof.count == leaf.proof.count && leaf.index < checkpoint.size
            && MerkleTree.verifyInclusion(
                of: MerkleTree.leafHash(bytes), index: leaf.index, size: checkpoint.size, proof: proof,
                root: checkpoint.root)
        if !isIncluded { report.failures.append("\(name): the proof does not lead to the root of the checkpoint") }
        let data = Self.data(ofLeaf: bytes) ?? [:]
        for (field, value) in expected.sorted(by: { $0.key < $1.key }) where data[field] != value {
            report.failures.append("\(name): the journal sealed another \(field)")
        }
    }

    /// Text fields of the data at the end of a leaf: `data <length>\n<bytes>`; nil for anything else.
    static func data(ofLeaf leaf: [UInt8]) -> [String: String]? {
        let marker = Array("\ndata ".utf8)
        guard let start = leaf.indices.first(where: { leaf[$0...].starts(with: marker) }) else { return nil }
        let rest = leaf[(start + marker.count)...]
        guard let line = rest.firstIndex(of: 0x0a),
            let length = Int(String(decoding: rest[rest.startIndex..<line], as: UTF8.self)),
            rest.distance(from: line + 1, to: rest.endIndex) == length
        else { return nil }
        do {
            let object = try JSONSerialization.jsonObject(with: Data(rest[(line + 1)...])) as? [String: Any]
            return object?.compactMapValues { $0 as? String }
        } catch {
            return nil
        }
    }
}

extension MerkleHash {
    /// nil unless there are exactly 64 hexadecimal digits.
    init?(hex: String) {
        guard hex.utf8.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var rest = hex[...]
        while !rest.isEmpty {
            guard rest.first?.isHexDigit == true, let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        self.init(bytes)
    }
}
