import Postgres

/// Asks the service's relay to send journal entries again; consumers drop what they have. The relay does it at once
/// when it runs, otherwise when it is next started.
public struct Republisher: Sendable {
    private let database: PostgresPool

    public init(database: PostgresPool) {
        self.database = database
    }

    /// Everything, or everything from the entry with this leaf index on. Returns the number of entries covered.
    @discardableResult
    public func request(from leafIndex: UInt64 = 0) async throws -> UInt64 {
        try await Republication.request(from: leafIndex, reason: "requested", database)
        AppendAnnouncements.shared.announce()
        let size = try await TreeStore.size(database)
        return size > leafIndex ? size - leafIndex : 0
    }

    /// Entries still to be sent again; nil when nothing is under way.
    public func remaining() async throws -> UInt64? {
        try await Republication.requested(database).map { $0.end > $0.next ? $0.end - $0.next : 0 }
    }
}
