import Contracts
import Journal
import Postgres

/// Lines of the list of townships.
struct TownshipImporter: LineImporter {
    let rules = TownshipLine.Rules()

    func keys(of line: TownshipLine) -> [UniqueKey] {
        [
            UniqueKey(code: .duplicateKey, column: TownshipColumn.code.rawValue, value: line.code),
            UniqueKey(
                code: .duplicateKey, column: TownshipColumn.name.rawValue, value: "\(line.divisionCode) \(line.name)"),
        ]
    }

    func apply(
        _ lines: [NumberedLine<TownshipLine>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let all = lines.map(\.line)
        let stored = Dictionary(
            try await transaction.query(
                """
                SELECT code, name, division_code, division_name FROM township
                WHERE code = ANY(\(all.map(\.code))::text[])
                """
            ) { row in
                TownshipLine(
                    code: try row["code"], name: try row["name"], divisionCode: try row["division_code"],
                    divisionName: try row["division_name"])
            }.map { ($0.code, $0) }, uniquingKeysWith: { $1 })
        let saved = all.filter { stored[$0.code] != $0 }
        try await transaction.execute(
            """
            INSERT INTO township (code, name, division_code, division_name)
            SELECT * FROM unnest(\(saved.map(\.code))::text[], \(saved.map(\.name))::text[],
                                 \(saved.map(\.divisionCode))::text[], \(saved.map(\.divisionName))::text[])
            ON CONFLICT (code) DO UPDATE SET name = excluded.name, division_code = excluded.division_code,
                division_name = excluded.division_name
            """)
        if !saved.isEmpty {
            try await transaction.record(
                "brightkitchen.registry.township.recorded.v1", subject: "townships", data: ["codes": saved.map(\.code)],
                scope.context, occurredAt: scope.now)
        }
        return all.map { line in
            guard let old = stored[line.code] else { return .added }
            return old == line ? .unchanged : .changed
        }
    }
}
