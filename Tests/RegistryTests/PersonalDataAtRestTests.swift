import Contracts
import PersonalData
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

struct PersonalDataAtRestTests {
    private static let header = "姓名,登录名,角色,机构,学校"
    private static let planted = "欧阳种植甲"

    @Test func aNameIsNowhereInPlainAndTheImportStillKnowsIt() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let file = try RegistryTest.file([Self.header, "\(Self.planted),planted.person,系统管理员,,"])
            let files = ImportFiles(staff: file)
            #expect(try await RegistryTest.importFiles(files, client).files[0].added == 1)
            #expect(try await PlainTextSearch.tables(showing: Self.planted, in: client.pool) == [])
            #expect(
                try await PlainTextSearch.tables(showing: "planted.person", in: client.pool)
                    == ["registry.person_identity"])
            #expect(!PrometheusRegistry.shared.exposition().contains(Self.planted))

            // The same person again is unchanged, another name with the same login is refused: the name does open.
            #expect(try await RegistryTest.importFiles(files, client).files[0].unchanged == 1)
            let other = try RegistryTest.file([Self.header, "别人,planted.person,系统管理员,,"])
            let refused = try await RegistryTest.importFiles(ImportFiles(staff: other), client)
            #expect(refused.files[0].faults.map(\.code) == [.loginTaken])
            #expect(!"\(refused)".contains(Self.planted))
        }
    }

    @Test func plainTextCannotBeStoredAndOldRowsAreSealed() async throws {
        try await RegistryTest.run { client in
            try await client.pool.execute(
                "INSERT INTO appointment (person_id, role, valid_from) VALUES ('p-old', 'auditor', '2026-01-01')")
            let plain: SQL = """
                INSERT INTO person_identity (person_id, login, name) VALUES ('p-old', 'old.person', \(Self.planted))
                """
            await #expect(throws: PostgresError.self) { try await client.pool.execute(plain) }

            // A row as the first version wrote it.
            try await client.pool.execute("ALTER TABLE person_identity DROP CONSTRAINT name_is_sealed")
            try await client.pool.execute(plain)
            let sealed = try await Resealing(
                keys: client.runtime.personalDataKeys, columns: RegistryService.sealedColumns
            ).run(client.pool)
            #expect(sealed == 1)
            #expect(try await PlainTextSearch.tables(showing: Self.planted, in: client.pool) == [])
            let account = try #require(try await AccountStore.account(login: "old.person", client.pool))
            let name = try PersonName.open(account.name, of: PersonID("p-old"), client.runtime.personalDataKeys)
            #expect(name == Self.planted)
        }
    }
}
