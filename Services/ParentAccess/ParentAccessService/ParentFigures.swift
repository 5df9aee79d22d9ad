import Calendar
import ServiceKit

/// What operators watch of parents' access: feedback that waits for a decision or an answer.
enum ParentFigures {
    static let all: [DomainFigure] = [
        DomainFigure("obligations_open", by: "kind", of: ["feedback"]) { _ in
            "SELECT 'feedback' AS label, count(*) AS value FROM feedback WHERE state IN ('received', 'forwarded')"
        },
        DomainFigure("obligations_overdue", by: "kind", of: ["feedback"]) { now in
            """
            SELECT 'feedback' AS label, count(*) AS value FROM feedback
            WHERE (state = 'received' AND decide_by < \(LocalDate(now)))
                OR (state = 'forwarded' AND answer_by < \(LocalDate(now)))
            """
        },
    ]
}
