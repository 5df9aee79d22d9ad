import Calendar
import Contracts
import Postgres

/// 温度监测: an alert once a store has been out of its range for as long as its rule allows.
enum TemperatureWatch {
    /// Between two readings further apart than this nobody knows the temperature: the time out of range begins anew.
    static let longestSilence: Duration = .seconds(7200)

    struct State: Hashable, Sendable {
        var lastAt: Instant
        var outSince: Instant?
    }

    /// Since when the store is out of its range after this reading; nil = it is within.
    static func outSince(
        _ reading: AlertReport.Reading, _ rule: AlertCodes.Temperature, before: State?
    ) -> Instant? {
        guard !rule.allows(reading.celsius) else { return nil }
        guard let before, let since = before.outSince, reading.at - before.lastAt <= longestSilence else {
            return reading.at
        }
        return since
    }

    /// Keeps the reading. Since when it has been out of range, where that is longer than the rule allows; else nil.
    /// A reading that is not newer than the last one changes nothing.
    static func note(
        _ reading: AlertReport.Reading, _ rule: AlertCodes.Temperature, vendor: String, canteen: CanteenID,
        _ transaction: PostgresTransaction
    ) async throws -> Instant? {
        let before = try await transaction.first(
            """
            SELECT last_at, out_since FROM temperature_sensor
            WHERE vendor = \(vendor) AND canteen_id = \(canteen) AND sensor = \(reading.sensor) FOR UPDATE
            """
        ) { State(lastAt: try $0["last_at"], outSince: try $0["out_since"]) }
        if let before, reading.at <= before.lastAt { return nil }
        let since = outSince(reading, rule, before: before)
        try await transaction.execute(
            """
            INSERT INTO temperature_sensor (vendor, canteen_id, sensor, kind, last_at, last_celsius, out_since)
            VALUES (\(vendor), \(canteen), \(reading.sensor), \(reading.kind), \(reading.at), \(reading.celsius), \(since))
            ON CONFLICT (vendor, canteen_id, sensor) DO UPDATE SET kind = excluded.kind, last_at = excluded.last_at,
                last_celsius = excluded.last_celsius, out_since = excluded.out_since
            """)
        guard let since, reading.at - since >= .seconds(rule.minutes * 60) else { return nil }
        return since
    }
}
