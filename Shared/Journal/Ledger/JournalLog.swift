import Postgres

/// The read surface of one service's log: checkpoint, tiles, proofs, entries.
///
/// Hash tiles and checkpoints tell nothing but hashes. Entry bundles hold the entries themselves, log-only ones
/// included (a hidden patrol, a login): give them to auditors only.
public struct JournalLog: Sendable {
    private let database: PostgresPool
    private let source: String

    public init(service: String, database: PostgresPool) {
        source = JournalEntry.source(service: service)
        self.database = database
    }

    func leafBytes(of entry: JournalEntry) -> [UInt8] { entry.leafBytes(source: source) }

    /// The latest signed checkpoint (text form); nil before the first.
    public func checkpoint() async throws -> String? {
        try await database.first("SELECT note FROM journal_checkpoint ORDER BY size DESC LIMIT 1") { try $0["note"] }
    }

    /// Size that the latest checkpoint vouches for.
    public func checkpointSize() async throws -> UInt64 {
        let size: Int64? = try await database.first(
            "SELECT size FROM journal_checkpoint ORDER BY size DESC LIMIT 1"
        ) { try $0["size"] }
        return UInt64(size ?? 0)
    }

    /// Content of a `tlog-tiles` path, nil when there is no such resource (yet). Tiles are complete for their width and
    /// lie within the latest checkpoint, as the specification asks.
    public func tile(_ path: TilePath) async throws -> [UInt8]? {
        switch path {
        case .checkpoint:
            return try await checkpoint().map { Array($0.utf8) }
        case .hashes(let level, let index, let width):
            guard try await isCovered(level: level, index: index, width: width) else { return nil }
            let start = index * UInt64(TilePath.fullWidth)
            let hashes = try await TreeStore.tile(level: level, start: start, width: width, database)
            return hashes.count == width ? hashes.flatMap(\.bytes) : nil
        case .entries(let index, let width):
            guard try await isCovered(level: 0, index: index, width: width) else { return nil }
            return try await bundle(index: index, width: width)
        }
    }

    public func tile(path: String) async throws -> [UInt8]? {
        guard let path = TilePath(path: path) else { return nil }
        return try await tile(path)
    }

    private func isCovered(level: Int, index: UInt64, width: Int) async throws -> Bool {
        // 256^7 leaves are beyond any signed 64-bit index.
        guard level < 7, index < 1 << 48 else { return false }
        let end = index * UInt64(TilePath.fullWidth) + UInt64(width)
        return end <= (try await checkpointSize()) >> UInt64(8 * level)
    }

    /// Entry bundle: for each entry its length in two bytes, big-endian, then its leaf bytes.
    private func bundle(index: UInt64, width: Int) async throws -> [UInt8]? {
        let first = Int64(index) * Int64(TilePath.fullWidth)
        let entries = try await database.query(
            """
            SELECT \(JournalEntry.columns) FROM journal_leaf l JOIN journal j USING (position)
            WHERE l.index >= \(first) AND l.index < \(first + Int64(width)) ORDER BY l.index
            """
        ) { try JournalEntry($0) }
        guard entries.count == width else { return nil }
        var bundle: [UInt8] = []
        for entry in entries {
            let leaf = entry.leafBytes(source: source)
            guard leaf.count <= JournalEntry.maximumLeafSize else {
                throw AppendError.entryTooLarge(type: entry.type, bytes: leaf.count)
            }
            bundle.append(UInt8(leaf.count >> 8))
            bundle.append(UInt8(leaf.count & 0xff))
            bundle.append(contentsOf: leaf)
        }
        return bundle
    }

    /// An entry with its leaf index (nil until it is sequenced).
    public func entry(_ id: EventID) async throws -> LocatedEntry? {
        try await database.first(
            """
            SELECT \(JournalEntry.columns), l.index FROM journal j LEFT JOIN journal_leaf l USING (position)
            WHERE j.id = \(id)::uuid
            """
        ) { row in
            let index: Int64? = try row["index"]
            return LocatedEntry(entry: try JournalEntry(row), leafIndex: index.map { UInt64($0) })
        }
    }

    /// Proof for the entry in the tree of `treeSize` entries, by default the latest checkpoint's.
    /// nil when there is no such entry, or when it is not in that tree yet.
    public func inclusionProof(of id: EventID, treeSize: UInt64? = nil) async throws -> InclusionProof? {
        guard let found = try await entry(id), let index = found.leafIndex else { return nil }
        let size = try await checked(treeSize)
        guard index < size else { return nil }
        let hashes = try await TreeStore.hashes(over: MerkleProof.inclusion(index: index, size: size), database)
        let root = try await TreeStore.root(size: size, database)
        return InclusionProof(
            leafIndex: index, treeSize: size, leafHash: found.entry.leafHash(source: source), root: root,
            hashes: hashes)
    }

    /// - Parameter newSize: by default the latest checkpoint's size.
    public func consistencyProof(from oldSize: UInt64, to newSize: UInt64? = nil) async throws -> ConsistencyProof {
        let size = try await checked(newSize)
        guard oldSize <= size else { throw LedgerError.sizeOutOfRange(asked: oldSize, size: size) }
        let hashes = try await TreeStore.hashes(
            over: MerkleProof.consistency(oldSize: oldSize, newSize: size), database)
        let oldRoot = try await TreeStore.root(size: oldSize, database)
        let newRoot = try await TreeStore.root(size: size, database)
        return ConsistencyProof(
            oldSize: oldSize, newSize: size, oldRoot: oldRoot, newRoot: newRoot, hashes: hashes)
    }

    private func checked(_ treeSize: UInt64?) async throws -> UInt64 {
        guard let treeSize else { return try await checkpointSize() }
        let size = try await TreeStore.size(database)
        guard treeSize <= size else { throw LedgerError.sizeOutOfRange(asked: treeSize, size: size) }
        return treeSize
    }
}
