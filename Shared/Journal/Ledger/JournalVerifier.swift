import Postgres

/// Proves a journal from its rows: every entry hashes to its leaf, every leaf is in its place, every signed root is the
/// root of the tree. Reads only; the service may run meanwhile.
public struct JournalVerifier: Sendable {
    private let source: String
    private let pool: PostgresPool
    private let keys: [NoteKey]

    /// Leaves read at a time; two such reads are under way at once.
    private static let chunk: UInt64 = 8_192

    /// - Parameter keys: who may have signed the checkpoints: the log's own key, and earlier ones.
    public init(service: String, pool: PostgresPool, keys: [NoteKey]) {
        source = JournalEntry.source(service: service)
        self.pool = pool
        self.keys = keys
    }

    /// - Parameters:
    ///   - external: text of checkpoints kept outside this database (one note or several, each as published). Only they
    ///     can show that the end was cut off or that the whole log was written anew.
    ///   - progress: entries verified so far.
    public func verify(
        external: String? = nil, progress: @Sendable (UInt64) -> Void = { _ in }
    ) async throws -> VerificationReport {
        var report = VerificationReport()
        var claims = try await storedCheckpoints(&report)
        if let external { claims += try externalCheckpoints(external, &report) }
        claims.sort { $0.checkpoint.size < $1.checkpoint.size }
        // The size comes last: what was stored before must lie within it, also while the relay appends.
        var walk = TreeWalk(claims: claims, nodes: try await storedNodes())
        let size = try await TreeStore.size(pool)
        try await withThrowingTaskGroup(of: (UInt64, [RecomputedLeaf]).self) { group in
            // Two chunks are under way; they come in any order and are taken in turn.
            var arrived: [UInt64: [RecomputedLeaf]] = [:]
            var requested: UInt64 = 0
            var taken: UInt64 = 0
            func request() {
                guard requested < size else { return }
                let leaves = requested..<min(size, requested + Self.chunk)
                requested = leaves.upperBound
                group.addTask {
                    (leaves.lowerBound, try await RecomputedLeaf.read(leaves, source: source, pool))
                }
            }
            request()
            request()
            while taken < size {
                guard let (start, leaves) = try await group.next() else { break }
                arrived[start] = leaves
                request()
                while let next = arrived.removeValue(forKey: taken) {
                    let end = min(size, taken + Self.chunk)
                    for leaf in next { walk.take(leaf, &report) }
                    taken = end
                    walk.skip(to: end, &report)
                    progress(end)
                }
            }
        }
        walk.finish(size: size, &report)
        try await verifyTail(&walk, size: size, &report)
        return report
    }

    // MARK: checkpoints

    private func storedCheckpoints(_ report: inout VerificationReport) async throws -> [CheckpointClaim] {
        let rows = try await pool.query("SELECT size, root, note FROM journal_checkpoint ORDER BY size") { row in
            (try row["size"] as Int64, try row["root"] as [UInt8], try row["note"] as String)
        }
        var claims: [CheckpointClaim] = []
        for (size, root, note) in rows {
            guard let claim = claim(note, "stored checkpoint of size \(size)", isExternal: false, &report) else {
                continue
            }
            guard claim.checkpoint.size == UInt64(size), claim.checkpoint.root.bytes == root else {
                report.add(
                    VerificationFailure(
                        .checkpointForged, detail: "stored checkpoint of size \(size): the row and its note differ"))
                continue
            }
            claims.append(claim)
        }
        return claims
    }

    private func externalCheckpoints(
        _ text: String, _ report: inout VerificationReport
    ) throws -> [CheckpointClaim] {
        let notes = CheckpointFile.notes(in: text)
        guard !notes.isEmpty else { throw LedgerError.malformedCheckpoint("there is no signed note in the file") }
        return notes.enumerated().compactMap { number, note in
            claim(note, "external checkpoint \(number + 1)", isExternal: true, &report)
        }
    }

    private func claim(
        _ text: String, _ name: String, isExternal: Bool, _ report: inout VerificationReport
    ) -> CheckpointClaim? {
        report.checkpoints += 1
        guard let note = SignedNote(parsing: text), let checkpoint = Checkpoint(text: note.text) else {
            report.add(VerificationFailure(.checkpointForged, detail: "\(name): not a signed checkpoint"))
            return nil
        }
        guard keys.contains(where: { $0.name == checkpoint.origin && $0.verifies(note) }) else {
            report.add(
                VerificationFailure(
                    .checkpointForged,
                    detail: "\(name): no valid signature by a known key of \(checkpoint.origin)"))
            return nil
        }
        return CheckpointClaim(name: name, checkpoint: checkpoint, isExternal: isExternal)
    }

    private func storedNodes() async throws -> [TreeWalk.NodePlace: MerkleHash] {
        // One row for 256 entries: 50 million entries are 200,000 rows.
        let rows = try await pool.query("SELECT level::bigint AS level, index, hash FROM journal_node") { row in
            (
                TreeWalk.NodePlace(level: try row["level"], index: UInt64(try row["index"] as Int64)),
                try MerkleHash(column: try row["hash"])
            )
        }
        return Dictionary(rows) { $1 }
    }

    // MARK: what is not in the tree

    /// Rows outside the tree, pending rows, stream heads: compared within one snapshot, so that a running service does
    /// not look like a damaged one.
    private func verifyTail(_ walk: inout TreeWalk, size: UInt64, _ report: inout VerificationReport) async throws {
        let thoroughly = !report.isIntact
        let tail = try await pool.transaction(isolation: .repeatableRead) { transaction in
            try await JournalTail.read(beyond: size, thoroughly: thoroughly, transaction)
        }
        report.unsequenced = tail.unsequenced
        for stray in tail.outsideTree {
            report.add(
                VerificationFailure(
                    .entryOutsideTree, position: stray.position, id: stray.id, type: stray.type,
                    detail: "the entry has no leaf and is not waiting for one"))
        }
        for position in tail.pendingWithoutEntry {
            report.add(
                VerificationFailure(
                    .pendingWithoutEntry, position: position, detail: "the row that is to be published is gone"))
        }
        walk.compareHeads(tail, &report)
    }
}
