import Calendar
import ServiceKit

/// What operators watch of deliveries: webhooks and messages that wait, endpoints that fail, bulletins without an answer.
enum NotificationFigures {
    static let all: [DomainFigure] = [
        DomainFigure("deliveries_waiting", by: "channel", of: ["webhook", "person"]) { _ in
            """
            SELECT 'webhook' AS label, count(*) AS value FROM delivery WHERE state = 'queued'
            UNION ALL
            SELECT 'person', count(*) FROM person_message WHERE state = 'queued'
            """
        },
        // Due for so long that it is not the pause between two attempts any more: at most an hour lies between them.
        DomainFigure("deliveries_late", by: "channel", of: ["webhook", "person"]) { now in
            """
            SELECT 'webhook' AS label, count(*) AS value FROM delivery d JOIN endpoint e USING (endpoint_id)
            WHERE d.state = 'queued' AND d.next_attempt_at < \(now - .seconds(3_600)) AND e.state = 'active'
            UNION ALL
            SELECT 'person', count(*) FROM person_message
            WHERE state = 'queued' AND due_at < \(now - .seconds(3_600))
            """
        },
        DomainFigure("webhook_endpoints", by: "state", of: ["active", "failing", "paused"]) { _ in
            """
            SELECT CASE WHEN state = 'paused' THEN 'paused' WHEN failing_since IS NOT NULL THEN 'failing' ELSE 'active' END
                AS label, count(*) AS value
            FROM endpoint GROUP BY 1
            """
        },
        DomainFigure("obligations_open", by: "kind", of: ["bulletin_answer"]) { _ in
            """
            SELECT 'bulletin_answer' AS label, count(*) AS value FROM bulletin_recipient
            WHERE role = 'main' AND answered_at IS NULL AND answer_by IS NOT NULL
            """
        },
        DomainFigure("obligations_overdue", by: "kind", of: ["bulletin_answer"]) { now in
            """
            SELECT 'bulletin_answer' AS label, count(*) AS value FROM bulletin_recipient
            WHERE role = 'main' AND answered_at IS NULL AND answer_by < \(now)
            """
        },
    ]
}
