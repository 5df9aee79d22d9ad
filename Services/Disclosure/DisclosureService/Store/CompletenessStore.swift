import Calendar
import Contracts
import Postgres

/// Keeps the figures of the list in step with the items.
enum CompletenessStore {
    private struct Facts: Sendable {
        let before: [DisclosureCategory]
        let schoolType: SchoolType
        let diners: Int
    }

    /// Recomputes the published categories and the grade, and gives the canteen's page a new revision. nil when the
    /// canteen is not known.
    static func refresh(
        _ canteen: CanteenID, _ transaction: PostgresTransaction
    ) async throws -> (before: Completeness, after: Completeness)? {
        let facts = try await transaction.first(
            """
            SELECT published_categories, school_type, diners FROM canteen WHERE canteen_id = \(canteen) FOR UPDATE
            """
        ) { row in
            Facts(
                before: try row["published_categories"], schoolType: try row["school_type"], diners: try row["diners"])
        }
        guard let facts else { return nil }
        let current = try await transaction.query(
            """
            SELECT category, bool_or(not_applicable OR content ->> 'post' = 'director') IS TRUE AS has_director
            FROM item_head WHERE canteen_id = \(canteen) AND state = \(ItemState.published) GROUP BY category
            """
        ) { row in
            Completeness.Current(category: try row["category"], hasDirector: try row["has_director"])
        }
        let after = Completeness(current: current, schoolType: facts.schoolType, diners: facts.diners)
        try await transaction.execute(
            """
            UPDATE canteen SET published_categories = \(after.present), revision = revision + 1,
                (grade, graded_on) = (
                    SELECT max(content ->> 'dynamic_grade'), max((content ->> 'assessed_on')::date) FROM item_head
                    WHERE canteen_id = \(canteen) AND category = \(DisclosureCategory.d2)
                        AND state = \(ItemState.published) AND NOT not_applicable)
            WHERE canteen_id = \(canteen)
            """)
        return (Completeness(facts.before), after)
    }

    static func saveLicence(
        _ licence: LicenceDisclosure, of canteen: CanteenID, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE canteen SET licence_number = \(licence.number), licence_valid_to = \(licence.validTo),
                licence_revoked_on = \(licence.revokedOn)
            WHERE canteen_id = \(canteen)
            """)
    }
}
