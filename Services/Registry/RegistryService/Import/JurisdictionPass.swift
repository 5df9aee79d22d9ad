import Contracts
import Journal
import Postgres

/// After organs or stations changed: works out again who is responsible for each canteen, and tells the others of every
/// canteen for which the answer is another one.
struct JurisdictionPass {
    static let pageSize = 500

    let pool: PostgresPool
    let jurisdiction: Jurisdiction
    let scope: ImportScope

    /// Number of canteens that changed.
    func run() async throws -> Int {
        var after = ""
        var count = 0
        while true {
            let (last, changed) = try await pool.transaction { [after] transaction in
                let canteens = try await CanteenStore.page(after: after, limit: Self.pageSize, transaction)
                let changed = canteens.compactMap { canteen -> Canteen? in
                    let reassessed = canteen.reassessed(jurisdiction, on: scope.today)
                    return reassessed == canteen ? nil : reassessed
                }
                try await CanteenStore.save(canteens: changed, transaction)
                try await transaction.publish(changed.map(\.changed), scope.context, occurredAt: scope.now)
                return (canteens.last?.id.rawValue, changed.count)
            }
            count += changed
            guard let last else { return count }
            after = last
        }
    }
}
