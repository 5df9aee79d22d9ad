import Postgres
import Synchronization

/// The newest calendar, read again only when there is a newer one: asking costs one indexed row.
final class CalendarSource: Sendable {
    private let cached = Mutex<CalendarEdition?>(nil)

    func current(_ executor: some PostgresExecutor) async throws -> CalendarEdition {
        let number = try await CalendarStore.currentNumber(executor)
        if let edition = cached.withLock({ $0 }), edition.number == number { return edition }
        let edition = try await CalendarStore.edition(number, executor)
        cached.withLock { $0 = edition }
        return edition
    }
}
