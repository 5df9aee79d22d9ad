import Journal
import Postgres

/// Runs one file through one importer: batches of lines, one transaction each, so that memory stays small and a fault
/// in one line holds up no other.
struct FileImport<Importer: LineImporter> {
    /// Lines per transaction: enough that round trips do not count, few enough that a failure loses little.
    static var batchSize: Int { 1_000 }

    private typealias Line = Importer.Line

    private let importer: Importer
    private let pool: PostgresPool
    private let scope: ImportScope
    private let progress: ImportProgress
    private var report: FileReport
    private var seen: [UniqueKey: NumberedLine<Importer.Line>] = [:]
    private var stated: [UniqueKey: (line: Int, facts: AnyHashable)] = [:]
    private var batch: [NumberedLine<Importer.Line>] = []
    private var postponed: [NumberedLine<Importer.Line>] = []
    /// Cells of refused lines, for what other files say about them.
    private(set) var refused: [(line: Int, cells: [Importer.Line.Column: String])] = []
    /// The batch that the database is working on while the next one is read.
    private var underway: (lines: [NumberedLine<Importer.Line>], outcomes: Task<[LineOutcome], any Error>)?

    init(_ importer: Importer, pool: PostgresPool, scope: ImportScope, progress: ImportProgress) {
        self.importer = importer
        self.pool = pool
        self.scope = scope
        self.progress = progress
        report = FileReport(kind: Importer.Line.kind, file: "")
    }

    mutating func run(path: String) async throws -> FileReport {
        let file = ImportTable<Importer.Line>.displayName(path)
        report = FileReport(kind: Importer.Line.kind, file: file)
        do {
            var table = try ImportTable<Importer.Line>(path: path, progress: progress)
            report.encoding = table.encoding
            do {
                try await readAll(&table)
            } catch {
                await abandon()
                throw error
            }
        } catch let failure as ImportFileFailure {
            report.faults += failure.faults
        }
        report.faults.sort { ($0.line ?? 0) < ($1.line ?? 0) }
        progress.finish()
        return report
    }

    private mutating func readAll(_ table: inout ImportTable<Importer.Line>) async throws {
        reading: while true {
            switch try table.next(importer.rules) {
            case .end: break reading
            case .refused(let faults, let line, let cells):
                report.refuse(faults)
                refused.append((line, cells))
            case .line(let number, let line): take(NumberedLine(number: number, line: line))
            }
            if batch.count >= Self.batchSize { try await flush(isFinal: false) }
        }
        try await flush(isFinal: false)
        try await settle()
        while !postponed.isEmpty {
            batch = Array(postponed.prefix(Self.batchSize))
            postponed.removeFirst(batch.count)
            try await flush(isFinal: true)
        }
        try await settle()
    }

    private mutating func take(_ numbered: NumberedLine<Importer.Line>) {
        let keys = importer.keys(of: numbered.line)
        if let (key, earlier) = keys.lazy.compactMap({ [seen] key in seen[key].map { (key, $0) } }).first {
            refuse(numbered, [Self.repeated(numbered, key, earlier)])
            return
        }
        if let (key, facts) = importer.sharedFacts(of: numbered.line) {
            if let first = stated[key], first.facts != facts {
                let allowed = "与第 \(first.line) 行一致（名称、类型、主管部门、市直、区划、镇街）"
                refuse(numbered, [ValueFault(key.code, column: key.column, value: key.value, allowed: allowed)])
                return
            }
            if stated[key] == nil { stated[key] = (numbered.number, facts) }
        }
        for key in keys { seen[key] = numbered }
        batch.append(numbered)
    }

    private static func repeated(
        _ numbered: NumberedLine<Importer.Line>, _ key: UniqueKey, _ earlier: NumberedLine<Importer.Line>
    ) -> ValueFault {
        if numbered.line == earlier.line {
            return ValueFault(
                .duplicateLine, column: key.column, value: key.value, allowed: "与第 \(earlier.number) 行内容相同，保留一行即可")
        }
        return ValueFault(
            key.code, column: key.column, value: key.value,
            allowed: "第 \(earlier.number) 行已使用，第 \(earlier.number) 行照常处理")
    }

    private mutating func refuse(_ numbered: NumberedLine<Importer.Line>, _ faults: [ValueFault]) {
        report.refuse(faults.map { ImportFault(file: report.file, line: numbered.number, $0) })
    }

    /// Hands the batch to the database as soon as that is done with the one before. Batches stay in order.
    private mutating func flush(isFinal: Bool) async throws {
        try await settle()
        guard !batch.isEmpty else { return }
        let lines = batch
        batch.removeAll(keepingCapacity: true)
        let importer = importer
        let scope = scope
        let pool = pool
        let outcomes = Task {
            try await pool.transaction { transaction in
                // One import at a time: what a batch reads it may rely on until it has written.
                try await transaction.execute("SELECT pg_advisory_xact_lock(hashtextextended('registry import', 0))")
                return try await importer.apply(lines, isFinal: isFinal, scope, transaction)
            }
        }
        underway = (lines, outcomes)
    }

    /// Waits for the batch under way and counts its outcomes.
    private mutating func settle() async throws {
        guard let (lines, task) = underway else { return }
        underway = nil
        let outcomes = try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
        for (numbered, outcome) in zip(lines, outcomes) {
            switch outcome {
            case .added: report.added += 1
            case .changed: report.changed += 1
            case .unchanged: report.unchanged += 1
            case .refused(let faults): refuse(numbered, faults)
            case .deferred: postponed.append(numbered)
            }
        }
        progress.advance(report.file, lines: lines.count, refused: report.refusedLines)
    }

    /// After a failure of reading: the batch under way is rolled back or finished before anything else happens.
    private mutating func abandon() async {
        guard let (_, task) = underway else { return }
        underway = nil
        task.cancel()
        _ = await task.result
    }
}
