import Calendar
import Postgres

/// A number of the domain that operators watch (业务指标), e.g. open obligations or cameras offline: read from the database
/// now and then, shown at `/metrics` as a gauge. Every replica reads the same; queries take the maximum.
public struct DomainFigure: Sendable {
    /// Name of the gauge. Times are seconds since 1970 and end with `_timestamp_seconds`.
    public let name: String
    /// Name of the label whose value the statement's column `label` gives; nil where there is one number only.
    public let dimension: String?
    /// Values of the label that are shown even where the statement finds none: as 0.
    public let labels: [String]
    /// Columns `value` (bigint; NULL = unknown, nothing is shown) and, with a dimension, `label`. Must be answered from an
    /// index however much has been recorded.
    let statement: @Sendable (Instant) -> SQL

    public init(
        _ name: String, by dimension: String? = nil, of labels: [String] = [],
        _ statement: @escaping @Sendable (Instant) -> SQL
    ) {
        self.name = name
        self.dimension = dimension
        self.labels = labels
        self.statement = statement
    }

    struct Sample: Sendable {
        let label: String?
        let value: Int64?
    }

    func read(_ pool: PostgresPool, at now: Instant) async throws -> [Sample] {
        let hasLabel = dimension != nil
        return try await pool.query(statement(now)) { row in
            Sample(label: hasLabel ? try row["label"] : nil, value: try row["value"])
        }
    }
}
