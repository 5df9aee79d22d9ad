import PersonalData
import ServiceKit
import TestSupport
import Testing

@testable import ParentAccessService

struct PersonalDataAtRestTests {
    private static let label = "诸葛种植乙"
    private static let mobile = "13987650123"

    /// Typed by the school and by the representative, shown to both, stored in plain nowhere.
    @Test func labelAndNumberAreShownToTheirOwnersAndStoredSealed() async throws {
        try await Story.run { story in
            let client = story.client
            let answer = try await client.post(
                "/parent/v1/representatives", as: TestPersons.principal, json: Story.wish(label: Self.label))
            let invited: Story.Invited = try answer.json()
            let accepted = try await story.accept(invited, number: Self.mobile)
            try #require(accepted.status == .ok)
            let cookies = [CookieName.parent: try await story.logIn(invited.accountNumber)]

            let data = try await client.page("/parent/v1/me/data", cookies: cookies)
            #expect(data.text.contains(Self.label) && data.text.contains(Self.mobile))
            let list = try await client.page("/parent/school", as: TestPersons.principal)
            #expect(list.text.contains(Self.label))

            for value in [Self.label, Self.mobile] {
                #expect(try await PlainTextSearch.tables(showing: value, in: client.pool) == [])
                #expect(!PrometheusRegistry.shared.exposition().contains(value))
            }
            let person = RepresentativePerson(keys: client.runtime.personalDataKeys)
            let found = try await client.pool.query(
                "SELECT representative_id FROM representative_person WHERE mobile_hash = \(person.mobileHash(Self.mobile))"
            ) { row -> String in try row["representative_id"] }
            #expect(found == [invited.representativeId])
        }
    }

    @Test func rowsOfTheFirstVersionAreSealedWithTheirHash() async throws {
        try await Story.run { story in
            let invited = try await story.invite()
            let pool = story.client.pool
            try await pool.execute(
                """
                ALTER TABLE representative_person DROP CONSTRAINT label_is_sealed,
                    DROP CONSTRAINT mobile_number_is_sealed, DROP CONSTRAINT mobile_number_is_found
                """)
            try await pool.execute(
                "UPDATE representative_person SET label = \(Self.label), mobile_number = \(Self.mobile)")
            let keys = story.client.runtime.personalDataKeys
            #expect(try await Resealing(keys: keys, columns: ParentAccess.sealedColumns).run(pool) == 2)
            #expect(try await PlainTextSearch.tables(showing: Self.label, in: pool) == [])
            let person = try #require(
                try await SchoolQueries(pool: pool, person: RepresentativePerson(keys: keys)).person(
                    .init(invited.representativeId)))
            #expect(person.label == Self.label && person.mobileNumber == Self.mobile)
        }
    }
}
