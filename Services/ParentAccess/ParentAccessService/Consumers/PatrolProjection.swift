import Calendar
import Contracts
import Journal
import Postgres

/// What the patrol ledger tells about problems: for the representatives' page, and as the outcome of their complaints.
/// A problem that came of feedback carries the feedback's id.
enum PatrolProjection {
    static let subscriptions: [Subscription] = [
        .on(ProblemFound.self) { received, tx in
            let problem = received.event
            try await tx.execute(
                """
                INSERT INTO canteen_problem (problem_id, canteen_id, zone, item_text, severity, found_at, rectify_by, state)
                VALUES (\(problem.problemId), \(problem.canteenId), \(problem.zone), \(problem.itemText),
                    \(problem.severity), \(problem.foundAt), \(problem.rectifyBy), 'found')
                ON CONFLICT (problem_id) DO NOTHING
                """)
        },
        .on(RectificationSubmitted.self) { received, tx in
            try await set(received.event.problemId, "submitted", also: ", measure = \(received.event.measure)", tx)
        },
        .on(RectificationReturned.self) { received, tx in
            try await set(received.event.problemId, "returned", tx)
        },
        .on(RectificationAccepted.self) { received, tx in
            try await set(received.event.problemId, "accepted", tx)
        },
        .on(ProblemClosed.self) { received, tx in
            let problem = received.event
            try await set(
                problem.problemId, "closed",
                also: """
                    , outcome = \(problem.outcome), closed_at = \(problem.closedAt),
                    measure = coalesce(\(problem.measure), measure)
                    """, tx)
            let feedback = FeedbackID(problem.problemId.rawValue)
            let closed = try await tx.execute(
                """
                UPDATE feedback SET state = 'closed', outcome = \(problem.outcome), closed_at = \(problem.closedAt),
                    updated_at = \(problem.closedAt)
                WHERE feedback_id = \(feedback) AND state = 'confirmed'
                """)
            guard closed == 1 else { return }
            try await FeedbackStore.step(
                feedback, "outcome", by: "organ", note: problem.measure, at: problem.closedAt, tx)
        },
        .on(ItemPublished.self) { received, tx in
            let item = received.event
            try await tx.execute(
                """
                INSERT INTO canteen_item (canteen_id, category, published_at, valid_to)
                VALUES (\(item.canteenId), \(item.category), \(item.publishedAt), \(item.validTo))
                ON CONFLICT (canteen_id, category) DO UPDATE SET published_at = excluded.published_at,
                    valid_to = excluded.valid_to
                WHERE canteen_item.published_at <= excluded.published_at
                """)
        },
        // What was withdrawn or ended without a successor is not shown as public any more.
        .on(CompletenessChanged.self) { received, tx in
            let event = received.event
            try await tx.execute(
                "DELETE FROM canteen_item WHERE canteen_id = \(event.canteenId) AND category = ANY (\(event.missing))")
        },
        .on(MenuPublished.self) { received, tx in
            let menu = received.event
            try await tx.execute(
                """
                INSERT INTO canteen_menu AS m (canteen_id, day, version, meals)
                VALUES (\(menu.canteenId), \(menu.day), \(menu.version), \(json: menu.meals))
                ON CONFLICT (canteen_id, day) DO UPDATE SET version = excluded.version, meals = excluded.meals
                WHERE m.version < excluded.version
                """)
            // Yesterday's is history: disclosure keeps it.
            try await tx.execute(
                """
                DELETE FROM canteen_menu WHERE canteen_id = \(menu.canteenId)
                    AND day < \(LocalDate(menu.publishedAt).adding(days: -7))
                """)
        },
    ]

    private static func set(
        _ id: ProblemID, _ state: String, also set: SQL = .empty, _ tx: PostgresTransaction
    ) async throws {
        try await tx.execute(
            "UPDATE canteen_problem SET state = \(state)" + set + " WHERE problem_id = \(id) AND state <> 'closed'")
    }
}
