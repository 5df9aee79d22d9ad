import Access
import Calendar
import Contracts
import Postgres
import ServiceKit

/// Programs of departments and integrators, their secrets and keys.
enum APIClientStore {
    struct Client: Sendable {
        let id: String
        let name: String
        let role: Role
        let organId: OrganID?
        let organName: String?
        let scopes: [Action]
        let validFrom: LocalDate
        let validTo: LocalDate?
        /// JWKS; nil: it signs in with a secret.
        let publicKeys: String?
        let createdAt: Instant
        let revokedAt: Instant?
        let lastUsedAt: Instant?
        let lastAddress: String?

        func isInForce(on day: LocalDate) -> Bool {
            revokedAt == nil && validFrom <= day && day <= (validTo ?? day)
        }
    }

    struct Secret: Sendable {
        let id: String
        let hash: [UInt8]
        let createdAt: Instant
        let expiresAt: Instant?
        let lastUsedAt: Instant?
    }

    private static let columns: SQL = """
        c.id, c.name, c.role, c.organ_id, o.name AS organ_name, c.scopes, c.valid_from, c.valid_to, c.public_keys,
        c.created_at, c.revoked_at, c.last_used_at, c.last_address
        """

    private static func decode(_ row: Row) throws -> Client {
        let scopes: [String] = try row["scopes"]
        return Client(
            id: try row["id"], name: try row["name"], role: try row["role"], organId: try row["organ_id"],
            organName: try row["organ_name"], scopes: scopes.compactMap { Action(rawValue: $0) },
            validFrom: try row["valid_from"], validTo: try row["valid_to"], publicKeys: try row["public_keys"],
            createdAt: try row["created_at"], revokedAt: try row["revoked_at"], lastUsedAt: try row["last_used_at"],
            lastAddress: try row["last_address"])
    }

    static let listing = RegisterListing<Client>(
        columns: columns, source: "FROM api_client c LEFT JOIN organ o ON o.id = c.organ_id",
        order: ListOrder(keys: ["c.name", "c.id"].map { .init(expression: $0) }), decode: decode)

    static func find(_ id: String, _ executor: some PostgresExecutor) async throws -> Client? {
        try await executor.first(
            "SELECT \(columns) FROM api_client c LEFT JOIN organ o ON o.id = c.organ_id WHERE c.id = \(id)", decode)
    }

    static func page(_ request: PageRequest, _ executor: some PostgresExecutor) async throws -> PageOf<Client> {
        let total = try await executor.first("SELECT count(*) AS n FROM api_client") { row -> Int in try row["n"] }
        let items = try await executor.query(
            """
            SELECT \(columns) FROM api_client c LEFT JOIN organ o ON o.id = c.organ_id
            ORDER BY c.revoked_at IS NOT NULL, c.name, c.id LIMIT \(request.size) OFFSET \(request.offset)
            """, decode)
        return PageOf(items, of: request, total: total ?? 0)
    }

    static func insert(
        _ request: APIClientRequest, by person: PersonID, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO api_client (id, name, role, organ_id, scopes, valid_from, valid_to, created_by, created_at)
            VALUES (\(request.clientId), \(request.name), \(request.role), \(request.organId),
                    \(request.scopes.map(\.rawValue)), \(request.validFrom), \(request.validTo), \(person), \(now))
            """)
    }

    static func secrets(_ id: String, now: Instant, _ executor: some PostgresExecutor) async throws -> [Secret] {
        try await executor.query(
            """
            SELECT id, secret_hash, created_at, expires_at, last_used_at FROM api_client_secret
            WHERE client_id = \(id) AND coalesce(expires_at > \(now), true) ORDER BY created_at DESC
            """
        ) { row in
            Secret(
                id: try row["id"], hash: try row["secret_hash"], createdAt: try row["created_at"],
                expiresAt: try row["expires_at"], lastUsedAt: try row["last_used_at"])
        }
    }

    /// A new secret; the earlier ones stay good until `overlap` is over, and no longer than they were.
    static func addSecret(
        _ secretId: String, hash: [UInt8], to client: String, overlap: Duration, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        let end = now + overlap
        try await transaction.execute(
            """
            UPDATE api_client_secret SET expires_at = least(expires_at, \(end))
            WHERE client_id = \(client) AND coalesce(expires_at > \(now), true)
            """)
        try await transaction.execute(
            """
            INSERT INTO api_client_secret (id, client_id, secret_hash, created_at)
            VALUES (\(secretId), \(client), \(hash), \(now))
            """)
    }

    static func setKeys(_ jwks: String?, of client: String, _ transaction: PostgresTransaction) async throws -> Bool {
        try await transaction.execute("UPDATE api_client SET public_keys = \(jwks) WHERE id = \(client)") == 1
    }

    static func revoke(_ client: String, now: Instant, _ transaction: PostgresTransaction) async throws -> Bool {
        try await transaction.execute(
            "UPDATE api_client SET revoked_at = \(now) WHERE id = \(client) AND revoked_at IS NULL") == 1
    }

    /// At most one write a minute, however often a program asks.
    static func noteUse(
        _ client: String, secret: String?, address: String, now: Instant, _ executor: some PostgresExecutor
    ) async throws {
        let old = now - .seconds(60)
        try await executor.execute(
            """
            UPDATE api_client SET last_used_at = \(now), last_address = \(address)
            WHERE id = \(client) AND coalesce(last_used_at < \(old), true)
            """)
        guard let secret else { return }
        try await executor.execute(
            """
            UPDATE api_client_secret SET last_used_at = \(now)
            WHERE id = \(secret) AND coalesce(last_used_at < \(old), true)
            """)
    }
}
