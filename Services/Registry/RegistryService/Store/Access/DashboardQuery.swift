import Access
import Calendar
import Contracts
import Postgres

/// The overview of one person's area: sums of the tallies, never a scan of canteens or cameras.
struct DashboardQuery: Sendable {
    struct Area: Sendable {
        /// Division code, or id of a station ("" = outside the area of any).
        let code: String
        let name: String
        let tally: AccessTally
        let isStation: Bool
    }

    struct Answer: Sendable {
        let total: AccessTally
        let areas: [Area]
        let trend: [(day: LocalDate, tally: AccessTally)]
    }

    let pool: PostgresPool

    func answer(for principal: Principal, today: LocalDate, days: Int) async throws -> Answer {
        let scope = AccessScope.organs(principal)
        let list = AccessList(pool: pool)
        var areas: [Area] = []
        if principal.role == .countyRegulator || principal.role == .stationOfficer {
            let rows = try await TallyStore.byStation(scope, pool)
            let names = try await list.organNames(rows.map(\.station))
            areas = rows.map {
                Area(code: $0.station, name: names[$0.station] ?? "", tally: $0.tally, isStation: true)
            }
        } else {
            let rows = try await TallyStore.byDivision(scope, pool)
            let names = try await list.divisionNames()
            areas = rows.map {
                Area(
                    code: $0.division, name: names[$0.division] ?? $0.division, tally: $0.tally, isStation: false)
            }
        }
        var total = AccessTally()
        for area in areas { total += area.tally }
        let trend = try await TallyStore.byDay(from: today.adding(days: 1 - days), to: today, scope, pool)
        return Answer(total: total, areas: areas, trend: trend)
    }
}
