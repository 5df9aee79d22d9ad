import Contracts
import Foundation
import Postgres
import Synchronization

/// The right to take reports in, held by one instance of the registry at a time. It rests on the database's clock; the
/// holder trusts it for less long than the others wait.
final class TelemetryLease: Sendable {
    static let renewal: Duration = .seconds(10)
    private static let trusted: Duration = .seconds(25)
    /// For how long the others wait.
    private static let seconds = 40

    private let pool: PostgresPool
    private let holder = UUIDv7.string()
    private let trustedUntil = Mutex<ContinuousClock.Instant?>(nil)

    init(pool: PostgresPool) { self.pool = pool }

    var isHeld: Bool {
        trustedUntil.withLock { until in until.map { ContinuousClock.now < $0 } ?? false }
    }

    /// Takes or renews. `.begun` when it was not held before: what is remembered from earlier may be out of date.
    enum Outcome: Sendable {
        case begun
        case renewed
        case taken
    }

    func renew() async throws -> Outcome {
        let wasHeld = isHeld
        let asked = ContinuousClock.now
        let rows = try await pool.execute(
            """
            INSERT INTO telemetry_lease (name, holder, until)
            VALUES ('telemetry', \(holder), now() + \(Self.seconds) * interval '1 second')
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
                WHERE telemetry_lease.holder = excluded.holder OR telemetry_lease.until < now()
            """)
        let isOurs = rows == 1
        trustedUntil.withLock { $0 = isOurs ? asked + Self.trusted : nil }
        return isOurs ? (wasHeld ? .renewed : .begun) : .taken
    }

    /// So that another instance need not wait.
    func release() async throws {
        trustedUntil.withLock { $0 = nil }
        try await pool.execute("DELETE FROM telemetry_lease WHERE name = 'telemetry' AND holder = \(holder)")
    }
}
