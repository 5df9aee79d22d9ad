import Calendar
import Postgres

extension JournalEntry {
    /// The columns of table `journal` under the alias `j`, for a SELECT list.
    static let columns = SQL(
        """
        j.position, j.id, j.type, j.subject, j.actor, j.occurred_at, j.correlation_id, j.causation_id,
        j.traceparent, j.topic, j.partition_key, j.sequence, j.data
        """)

    init(_ row: Row) throws {
        position = try row["position"]
        id = try row["id"]
        type = try row["type"]
        subject = try row["subject"]
        actor = try row["actor"]
        occurredAt = try row["occurred_at"]
        correlationId = try row["correlation_id"]
        causationId = try row["causation_id"]
        traceparent = try row["traceparent"]
        data = try row["data"]
        let topic: String? = try row["topic"]
        let key: String? = try row["partition_key"]
        let sequence: Int64? = try row["sequence"]
        if let topic, let key, let sequence {
            stream = Stream(topic: topic, partitionKey: key, sequence: sequence)
        } else {
            stream = nil
        }
    }
}

extension MerkleHash {
    init(column bytes: [UInt8]) throws {
        guard let hash = MerkleHash(bytes) else {
            throw PostgresError(code: PostgresError.decoding, message: "a stored hash has \(bytes.count) bytes, not 32")
        }
        self = hash
    }
}
