import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import ParentAccessService

struct PersonalDataInventoryTests {
    /// What the inventory says is there, what is sealed is in the inventory, and the purge runs on these tables.
    @Test func theInventoryFitsTheTables() async throws {
        try await ServiceTest<ParentAccess>.run { _, client in
            let inventory = try PersonalDataInventory.shipped()
            for entry in inventory.entries(of: "parent-access") {
                let columns = try await client.pool.query(
                    """
                    SELECT column_name AS name FROM information_schema.columns
                    WHERE table_schema = current_schema() AND table_name = \(entry.table)
                    """
                ) { row -> String in try row["name"] }
                #expect(Set(entry.columns).isSubset(of: columns), "\(entry.table): \(entry.columns)")
            }
            for sealed in ParentAccess.sealedColumns {
                let entry = inventory.entries(of: "parent-access").first { $0.table == sealed.table }
                #expect(
                    entry?.columns.contains(sealed.column) == true && entry?.protection == .sealed,
                    "\(sealed.table).\(sealed.column) is not in the inventory")
            }
            let purge = RetentionPurge(service: "parent-access", inventory: inventory, pool: client.pool)
            #expect(try await purge.run(now: client.clock.now()) == [])
        }
    }
}
