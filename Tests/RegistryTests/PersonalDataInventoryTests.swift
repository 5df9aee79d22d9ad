import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

struct PersonalDataInventoryTests {
    /// What the inventory says is there, what is sealed is in the inventory, and the purge runs on these tables.
    @Test func theInventoryFitsTheTables() async throws {
        try await RegistryTest.run { client in
            let inventory = try PersonalDataInventory.shipped()
            for entry in inventory.entries(of: "registry") {
                let columns = try await client.pool.query(
                    """
                    SELECT column_name AS name FROM information_schema.columns
                    WHERE table_schema = current_schema() AND table_name = \(entry.table)
                    """
                ) { row -> String in try row["name"] }
                #expect(Set(entry.columns).isSubset(of: columns), "\(entry.table): \(entry.columns)")
            }
            for sealed in RegistryService.sealedColumns {
                let entry = inventory.entries(of: "registry").first { $0.table == sealed.table }
                #expect(
                    entry?.columns.contains(sealed.column) == true && entry?.protection == .sealed,
                    "\(sealed.table).\(sealed.column) is not in the inventory")
            }
            let purge = RetentionPurge(service: "registry", inventory: inventory, pool: client.pool)
            #expect(try await purge.run(now: client.clock.now()) == [])
        }
    }
}
