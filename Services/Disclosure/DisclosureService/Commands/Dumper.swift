import Calendar
import Concurrency
import Crypto
import Foundation
import Journal
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Writes the nightly dump of the open data: everything that is public, with checksums, signed, and with the place in
/// the feed from which changes continue it.
struct Dumper: Service {
    struct File: Codable, Hashable, Sendable {
        let name: String
        let byteCount: Int
        let sha256: String
        let rows: Int
    }

    struct Manifest: Codable, Hashable, Sendable {
        let name: String
        let madeAt: Instant
        /// `changes?since=` this continues the dump.
        let position: Int
        let files: [File]
        let licence: String
    }

    /// Hour of the city's night from which the day's dump is made.
    static let hour = 2
    /// Dumps kept; older ones are removed.
    static let kept = 14

    let pool: PostgresPool
    let clock: any WallClock
    let logger: Logger
    let signer: NoteSigner?
    let folder: URL

    init(pool: PostgresPool, clock: any WallClock, logger: Logger, signer: NoteSigner?, folder: URL) throws {
        self.pool = pool
        self.clock = clock
        self.logger = logger
        self.signer = signer
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await makeIfDue()
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("no dump could be made, next try follows", metadata: ["error": "\(error)"])
                }
                await Signal().wait(atMost: .seconds(300))
            }
        }
    }

    /// The first dump is made at once, later ones each night.
    func makeIfDue() async throws {
        let now = clock.now()
        let day = LocalDate(now)
        let name = day.iso
        let latest = try await pool.first("SELECT max(name) AS name FROM dump") { try $0["name"] as String? }
        guard let latest = latest ?? nil else {
            try await make(name, at: now)
            return
        }
        guard latest < name, now >= day.start + .seconds(Self.hour * 3600) else { return }
        try await make(name, at: now)
    }

    /// All files from one snapshot.
    @discardableResult
    func make(_ name: String, at now: Instant) async throws -> Manifest {
        let target = folder.appending(path: name, directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        let (position, items, canteens) = try await pool.transaction(isolation: .repeatableRead) { tx in
            let position = try await ItemRecordStore.head(tx)
            let items = try await tx.query(
                "SELECT \(ItemRecordStore.columns) FROM item_head r WHERE r.position IS NOT NULL ORDER BY r.position",
                ItemRecordStore.record)
            let canteens = try await tx.query(
                "SELECT \(CanteenQuery.columns) FROM canteen WHERE \(CanteenQuery.isPublic) ORDER BY canteen_id",
                CanteenQuery.summary)
            return (position, items, canteens)
        }
        let today = LocalDate(now)
        let files = [
            try write(items.map { try BrightJSON.encode(ItemDocument($0)) }, as: "items.jsonl", in: target),
            try write(
                canteens.map { try BrightJSON.encode(CanteenListEntry($0, today: today)) }, as: "canteens.jsonl",
                in: target),
        ]
        let manifest = Manifest(
            name: name, madeAt: now, position: position, files: files, licence: OpenDataAnswer.licence)
        let sums = files.map { "\($0.sha256)  \($0.name)\n" }.joined()
        try Data(sums.utf8).write(to: target.appending(path: "SHA256SUMS"), options: .atomic)
        let statement = "brightkitchen open data \(name)\nposition \(position)\n\(sums)"
        let note = try signer?.sign(statement) ?? statement
        try Data(note.utf8).write(to: target.appending(path: "checkpoint"), options: .atomic)
        try await pool.execute(
            """
            INSERT INTO dump (name, made_at, position, manifest)
            VALUES (\(name), \(now), \(position), \(json: manifest))
            ON CONFLICT (name) DO UPDATE SET made_at = excluded.made_at, position = excluded.position,
                manifest = excluded.manifest
            """)
        try await removeOld()
        return manifest
    }

    func manifests() async throws -> [Manifest] {
        try await pool.query("SELECT manifest FROM dump ORDER BY name DESC") { try $0.json("manifest") }
    }

    /// nil for a name that no manifest has: names never become paths before they are known.
    func bytes(of file: String, in dump: String) async throws -> [UInt8]? {
        guard let manifest = try await manifests().first(where: { $0.name == dump }) else { return nil }
        let names = manifest.files.map(\.name) + ["SHA256SUMS", "checkpoint"]
        guard names.contains(file) else { return nil }
        return [UInt8](try Data(contentsOf: folder.appending(path: dump).appending(path: file)))
    }

    private func write(_ lines: [[UInt8]], as name: String, in target: URL) throws -> File {
        var bytes: [UInt8] = []
        for line in lines {
            bytes += line
            bytes.append(0x0a)
        }
        try Data(bytes).write(to: target.appending(path: name), options: .atomic)
        return File(name: name, byteCount: bytes.count, sha256: Self.digest(bytes), rows: lines.count)
    }

    private func removeOld() async throws {
        let old = try await pool.query(
            "DELETE FROM dump WHERE name NOT IN (SELECT name FROM dump ORDER BY name DESC LIMIT \(Self.kept)) RETURNING name"
        ) { try $0["name"] as String }
        for name in old where LocalDate(iso: name) != nil {
            let path = folder.appending(path: name).path
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
        }
    }

    static func digest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
