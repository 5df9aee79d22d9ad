import Access
import Calendar
import Contracts
import Postgres
import ServiceKit

/// Webhook endpoints and their sealed secrets.
enum EndpointStore {
    /// During a rotation the former secret signs along for this long.
    static let secretOverlap = Duration.seconds(24 * 3600)

    static func create(_ endpoint: Endpoint, by person: PersonID, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO endpoint (endpoint_id, organ_id, url, description, event_types, throttle_per_minute, is_ordered,
                                  state, created_at, created_by)
            VALUES (\(endpoint.endpointId), \(endpoint.organId), \(endpoint.url), \(endpoint.description),
                    \(endpoint.eventTypes)::text[], \(endpoint.throttlePerMinute), \(endpoint.isOrdered),
                    'active', \(endpoint.createdAt), \(person))
            """)
    }

    static func change(
        _ id: EndpointID, to wish: EndpointWish, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE endpoint SET url = \(wish.url), description = \(wish.description),
                event_types = \(wish.eventTypes)::text[], throttle_per_minute = \(wish.throttlePerMinute),
                is_ordered = \(wish.isOrdered), not_before = NULL
            WHERE endpoint_id = \(id)
            """)
    }

    /// The receiver is overloaded: nothing more before then.
    static func holdBack(_ id: EndpointID, until instant: Instant, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            "UPDATE endpoint SET not_before = greatest(not_before, \(instant)) WHERE endpoint_id = \(id)")
    }

    /// Paused or failing endpoints of all organs, for the operator.
    static func troubled(_ request: PageRequest, _ executor: some PostgresExecutor) async throws -> PageOf<Endpoint> {
        let filter: SQL = "WHERE e.state = 'paused' OR e.failing_since IS NOT NULL"
        let total = try await executor.first("SELECT count(*) AS n FROM endpoint e \(filter)") { row -> Int in
            try row["n"]
        }
        let items = try await executor.query(
            """
            \(select) \(filter) ORDER BY e.state = 'paused' DESC, coalesce(e.paused_at, e.failing_since), e.endpoint_id
            LIMIT \(request.size) OFFSET \(request.offset)
            """, endpoint(from:))
        return PageOf(items, of: request, total: total ?? 0)
    }

    /// Endpoints of an organ; of all organs for an auditor (nil).
    static func page(
        organ: OrganID?, _ request: PageRequest, _ executor: some PostgresExecutor
    ) async throws -> PageOf<Endpoint> {
        let filter: SQL = organ.map { "WHERE e.organ_id = \($0)" } ?? ""
        let total = try await executor.first("SELECT count(*) AS n FROM endpoint e \(filter)") { row -> Int in
            try row["n"]
        }
        let items = try await executor.query(
            """
            \(select) \(filter) ORDER BY e.state = 'paused' DESC, e.created_at DESC
            LIMIT \(request.size) OFFSET \(request.offset)
            """, endpoint(from:))
        return PageOf(items, of: request, total: total ?? 0)
    }

    static func endpoint(_ id: EndpointID, _ executor: some PostgresExecutor) async throws -> Endpoint? {
        try await executor.first("\(select) WHERE e.endpoint_id = \(id)", endpoint(from:))
    }

    /// The same, locked against a simultaneous pause or resume.
    static func lock(_ id: EndpointID, _ transaction: PostgresTransaction) async throws -> Endpoint? {
        try await transaction.execute("SELECT 1 FROM endpoint WHERE endpoint_id = \(id) FOR UPDATE")
        return try await endpoint(id, transaction)
    }

    /// False when it was paused already.
    static func pause(
        _ id: EndpointID, _ reason: PauseReason, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE endpoint SET state = 'paused', paused_reason = \(reason), paused_at = \(now)
            WHERE endpoint_id = \(id) AND state = 'active'
            """) == 1
    }

    static func resume(_ id: EndpointID, _ transaction: PostgresTransaction) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE endpoint SET state = 'active', paused_reason = NULL, paused_at = NULL, failing_since = NULL,
                not_before = NULL
            WHERE endpoint_id = \(id) AND state = 'paused'
            """) == 1
    }

    /// Stores a sealed secret; the former ones of its kind retire after the overlap.
    static func add(
        secret sealed: [UInt8], kind: String, to id: EndpointID, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE endpoint_secret SET retires_at = \(now + secretOverlap)
            WHERE endpoint_id = \(id) AND kind = \(kind) AND retires_at IS NULL
            """)
        try await transaction.execute(
            """
            INSERT INTO endpoint_secret (endpoint_id, kind, number, sealed, created_at)
            SELECT \(id), \(kind), coalesce(max(number), 0) + 1, \(sealed), \(now)
            FROM endpoint_secret WHERE endpoint_id = \(id) AND kind = \(kind)
            """)
    }

    struct SealedSecret: Sendable {
        let kind: String
        let number: Int
        let sealed: [UInt8]
        let retiresAt: Instant?
    }

    /// Secrets in force, newest first.
    static func secrets(
        of id: EndpointID, now: Instant, _ executor: some PostgresExecutor
    ) async throws -> [SealedSecret] {
        try await executor.query(
            """
            SELECT kind, number, sealed, retires_at FROM endpoint_secret
            WHERE endpoint_id = \(id) AND (retires_at IS NULL OR retires_at > \(now))
            ORDER BY kind, number DESC
            """
        ) { row in
            SealedSecret(
                kind: try row["kind"], number: try row["number"], sealed: try row["sealed"],
                retiresAt: try row["retires_at"])
        }
    }

    private static let select: SQL = """
        SELECT e.*, (SELECT count(*) FROM delivery d WHERE d.endpoint_id = e.endpoint_id AND d.state = 'queued') AS queued,
               (SELECT count(*) FROM delivery d WHERE d.endpoint_id = e.endpoint_id AND d.state = 'failed'
                  AND d.event_id IS NOT NULL) AS failed
        FROM endpoint e
        """

    @Sendable private static func endpoint(from row: Row) throws -> Endpoint {
        Endpoint(
            endpointId: try row["endpoint_id"], organId: try row["organ_id"], url: try row["url"],
            description: try row["description"], eventTypes: try row["event_types"],
            throttlePerMinute: try row["throttle_per_minute"], isOrdered: try row["is_ordered"],
            state: try row["state"], pausedReason: try row["paused_reason"], pausedAt: try row["paused_at"],
            createdAt: try row["created_at"], failingSince: try row["failing_since"], notBefore: try row["not_before"],
            queued: try row["queued"], failed: try row["failed"])
    }
}
