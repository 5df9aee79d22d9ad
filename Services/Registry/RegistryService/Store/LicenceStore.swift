import Calendar
import Contracts
import Postgres

/// Every version of every canteen's licence. The canteen's own row repeats the current one.
enum LicenceStore {
    /// The current licences of these canteens, as versions: inserted, or overwritten under number and day of issue.
    static func note(_ canteens: [Canteen], _ transaction: PostgresTransaction) async throws {
        let canteens = canteens.filter { $0.licence != nil }
        guard !canteens.isEmpty else { return }
        let licences = canteens.compactMap(\.licence)
        try await transaction.execute(
            """
            INSERT INTO licence (canteen_id, number, issued_on, valid_to, state, ended_on)
            SELECT canteen, number, issued_on::date, valid_to::date, state, ended_on::date
            FROM unnest(\(canteens.map(\.id))::text[], \(licences.map(\.number))::text[],
                        \(licences.map(\.issuedOn.iso))::text[], \(licences.map(\.validTo.iso))::text[],
                        \(licences.map(\.state))::text[], \(licences.map { $0.endedOn?.iso })::text[])
                 AS line (canteen, number, issued_on, valid_to, state, ended_on)
            ON CONFLICT (canteen_id, number, issued_on) DO UPDATE SET valid_to = excluded.valid_to,
                state = excluded.state, ended_on = excluded.ended_on
            """)
    }

    static func save(_ version: LicenceVersion, _ transaction: PostgresTransaction) async throws {
        let licence = version.licence
        try await transaction.execute(
            """
            INSERT INTO licence (canteen_id, number, issued_on, valid_to, state, ended_on, scope, verified_by)
            VALUES (\(version.canteenId), \(licence.number), \(licence.issuedOn), \(licence.validTo),
                    \(licence.state), \(licence.endedOn), \(version.scope), \(version.verifiedBy))
            ON CONFLICT (canteen_id, number, issued_on) DO UPDATE SET valid_to = excluded.valid_to,
                state = excluded.state, ended_on = excluded.ended_on, scope = excluded.scope,
                verified_by = excluded.verified_by
            """)
    }

    static func versions(
        of canteens: [CanteenID], _ executor: some PostgresExecutor
    ) async throws -> [LicenceVersion] {
        try await executor.query(
            """
            SELECT canteen_id, number, issued_on, valid_to, state, ended_on, scope, verified_by FROM licence
            WHERE canteen_id = ANY(\(canteens)::text[]) ORDER BY canteen_id, issued_on DESC, number
            """
        ) { row in
            LicenceVersion(
                canteenId: try row["canteen_id"],
                licence: Licence(
                    number: try row["number"], issuedOn: try row["issued_on"], validTo: try row["valid_to"],
                    state: try row["state"], endedOn: try row["ended_on"]),
                scope: try row["scope"], verifiedBy: try row["verified_by"])
        }
    }
}
