import Calendar
import Concurrency
import Contracts
import Digests
import Foundation
import Journal
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle
import Subprocess

/// Makes the exports that two persons agreed on, hands them out a counted number of times, and disposes of them.
struct ExportDesk: Service {
    private static let mark = "brightkitchen.parent-access.export"

    let pool: PostgresPool
    let clock: any WallClock
    let live: LiveState
    let recordings: RecordingFolder?
    /// `EXPORTS_DIR`: `<number>.mp4`.
    let folder: URL
    let ffmpeg: String
    /// `WATERMARK_FONT`: a font file; nil = the system's default.
    let font: String?
    /// Of the digest of what is made from now on.
    let algorithm: HashAlgorithm
    let logger: Logger
    /// Wakes the worker after an agreement.
    let news = Signal()

    // MARK: agreement

    /// In the transaction of the agreement: numbered and queued.
    func queue(_ approval: Approval, approvedBy: PersonID, now: Instant, _ tx: PostgresTransaction) async throws {
        let wish = try approval.decode(VideoExport.Wish.self)
        guard let known = live.camera(wish.cameraId) else { throw Problem.notFound }
        let day = LocalDate(now)
        let running =
            try await tx.first(
                """
                INSERT INTO export_counter AS c (day, last_number) VALUES (\(day), 1)
                ON CONFLICT (day) DO UPDATE SET last_number = c.last_number + 1 RETURNING last_number
                """
            ) { row -> Int in try row["last_number"] } ?? 1
        let digits = String(running)
        let number =
            "WM-\(day.iso.replacing("-", with: ""))-\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
        try await tx.execute(
            """
            INSERT INTO video_export (number, camera_id, canteen_id, school_id, recorded_from, recorded_to, reason,
                reference, purpose, requested_by, approved_by, approved_at, expires_at, downloads_left, state)
            VALUES (\(number), \(wish.cameraId), \(known.canteen.canteenId), \(known.canteen.schoolId), \(wish.from),
                \(wish.to), \(wish.reason), \(wish.reference), \(approval.reason), \(approval.proposedBy), \(approvedBy),
                \(now), \(now + VideoExport.lifetime), \(VideoExport.downloads), 'queued')
            """)
        let news = news
        tx.afterCommit { news.send() }
    }

    // MARK: work

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    while try await makeNext() {}
                    try await dispose()
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("exports failed", metadata: ["error": "\(error)"])
                }
                await news.wait(atMost: .seconds(60))
            }
        }
    }

    /// Makes the oldest that waits; false when none does. What another replica left half done ten minutes ago is taken up
    /// again.
    func makeNext() async throws -> Bool {
        let now = clock.now()
        let claimed = try await pool.first(
            """
            UPDATE video_export SET state = 'making', claimed_at = \(now)
            WHERE number = (
                SELECT number FROM video_export
                WHERE state = 'queued' OR (state = 'making' AND claimed_at < \(now - .seconds(600)))
                ORDER BY approved_at, number LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING *
            """, VideoExport.init(row:))
        guard let export = claimed else { return false }
        let context = EventContext(actor: .system("parent-access"), correlationId: UUIDv7.string())
        do {
            let bytes = try Data(contentsOf: try await make(export))
            let digest = NamedDigest(of: bytes, algorithm).description
            try await pool.transaction { tx in
                try await tx.execute(
                    """
                    UPDATE video_export SET state = 'ready', digest = \(digest), byte_count = \(bytes.count)
                    WHERE number = \(export.number)
                    """)
                try await tx.record(
                    "\(Self.mark).made.v1", subject: export.number, data: ExportFact(export, digest: digest), context,
                    occurredAt: now)
            }
        } catch let fault as ExportFault {
            try await pool.transaction { tx in
                try await tx.execute(
                    "UPDATE video_export SET state = 'failed', fault = \(fault.text) WHERE number = \(export.number)")
                try await tx.record(
                    "\(Self.mark).failed.v1", subject: export.number, data: ExportFact(export), context,
                    occurredAt: now)
            }
        }
        return true
    }

    private func make(_ export: VideoExport) async throws -> URL {
        guard let recordings, let camera = live.camera(export.cameraId)?.camera else {
            throw ExportFault(text: "no recordings")
        }
        let span = RecordedSpan(from: export.from, to: export.to)
        let files = try recordings.files(of: camera.gbId, on: span.day).filter { span.contains(fileAt: $0.second) }
        guard let first = files.first else { throw ExportFault(text: "nothing was recorded in that time") }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let list = folder.appending(path: "\(export.number).txt")
        let words = folder.appending(path: "\(export.number).words")
        let target = self.file(export.number)
        let lines = files.map { "file '\(recordings.url(camera.gbId, span.day, $0).path)'" }
        try Data(lines.joined(separator: "\n").utf8).write(to: list)
        // Number, who asked, which camera: enough to find where a spread copy came from.
        try Data(
            "\(export.number)  \(export.requestedBy.rawValue.suffix(4))  \(camera.gbId)  \(LocalTime.minute(export.from))"
                .utf8
        ).write(to: words)
        defer { for left in [list, words] { Self.remove(left) } }
        let skip = max(0, (export.from - (span.day.start + .seconds(first.second))).components.seconds)
        let length = (export.to - export.from).components.seconds
        // Moves every minute, like the one on the page.
        let drawing = [
            font.map { "fontfile=\($0)" }, "textfile=\(words.path)", "fontsize=h/18", "fontcolor=white@0.9",
            "box=1", "boxcolor=black@0.4", "boxborderw=6", "x=mod(floor(t/60)*211+20\\,max(1\\,w-tw))",
            "y=mod(floor(t/60)*97+40\\,max(1\\,h-th))",
        ].compactMap { $0 }.joined(separator: ":")
        let result = try await Subprocess.run(
            ffmpeg.hasPrefix("/") ? .path(.init(ffmpeg)) : .name(ffmpeg),
            arguments: Arguments([
                "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-f", "concat", "-safe", "0", "-i", list.path,
                "-ss", String(skip), "-t", String(length), "-vf", "drawtext=\(drawing)", "-an", "-c:v", "libx264",
                "-preset", "veryfast", "-movflags", "+faststart", "-metadata", "comment=\(export.number)", target.path,
            ]), output: .discarded, error: .string(limit: 16 * 1024))
        guard result.terminationStatus.isSuccess, FileManager.default.fileExists(atPath: target.path) else {
            Self.remove(target)
            throw ExportFault(text: "ffmpeg could not read the recording")
        }
        return target
    }

    // MARK: out

    /// The file, one download fewer. 404 for anybody but the requester, 410 when it is over.
    func download(_ number: String, by person: PersonID, _ context: EventContext) async throws -> [UInt8] {
        let now = clock.now()
        return try await pool.transaction { tx in
            guard
                let export = try await tx.first(
                    "SELECT * FROM video_export WHERE number = \(number) AND requested_by = \(person) FOR UPDATE",
                    VideoExport.init(row:))
            else { throw Problem.notFound }
            guard export.state == .ready, now < export.expiresAt, export.downloadsLeft > 0 else {
                throw Problem(
                    .gone, code: "export_over",
                    detail: LocalizedText(
                        zh: "导出文件尚未生成、已过期或下载次数已用完。",
                        en: "The export is not ready, has expired, or was downloaded as often as allowed."))
            }
            try await tx.execute(
                "UPDATE video_export SET downloads_left = downloads_left - 1 WHERE number = \(number)")
            try await tx.record(
                "\(Self.mark).downloaded.v1", subject: number, data: ExportFact(export), context, occurredAt: now)
            return [UInt8](try Data(contentsOf: file(number)))
        }
    }

    func page(of person: PersonID, _ page: PageRequest) async throws -> PageOf<VideoExport> {
        let total = try await pool.first("SELECT count(*) AS n FROM video_export WHERE requested_by = \(person)") {
            row -> Int in try row["n"]
        }
        let items = try await pool.query(
            """
            SELECT * FROM video_export WHERE requested_by = \(person) ORDER BY approved_at DESC, number
            LIMIT \(page.size) OFFSET \(page.offset)
            """, VideoExport.init(row:))
        return PageOf(items, of: page, total: total ?? 0)
    }

    /// Removes what has served its purpose and writes down that it did.
    func dispose() async throws {
        let now = clock.now()
        let context = EventContext(actor: .system("parent-access"), correlationId: UUIDv7.string())
        let over = try await pool.transaction { tx in
            let over = try await tx.query(
                """
                UPDATE video_export SET state = 'disposed'
                WHERE state = 'ready' AND (expires_at <= \(now) OR downloads_left = 0) RETURNING *
                """, VideoExport.init(row:))
            for export in over {
                try await tx.record(
                    "\(Self.mark).disposed.v1", subject: export.number, data: ExportFact(export), context,
                    occurredAt: now)
            }
            return over
        }
        for export in over { Self.remove(file(export.number)) }
    }

    private func file(_ number: String) -> URL { folder.appending(path: "\(number).mp4") }

    private static func remove(_ file: URL) {
        do {
            if FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
        } catch {
            Logger(label: "exports").warning("a file could not be removed", metadata: ["error": "\(error)"])
        }
    }
}

/// Why an export could not be made.
struct ExportFault: Error {
    let text: String
}
