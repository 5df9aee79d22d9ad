import Calendar
import ServiceKit

/// What operators watch of patrols: problems that schools must rectify, weekly patrols that organs owe.
enum PatrolFigures {
    static let all: [DomainFigure] = [
        // Deadlines that rest on a year without a holiday notice are nobody's delay.
        DomainFigure("obligations_open", by: "kind", of: ["rectification", "weekly_patrol"]) { now in
            """
            SELECT 'rectification' AS label, count(*) AS value FROM problem
            WHERE state IN ('notified', 'acknowledged', 'rectifying', 'returned') AND NOT deadline_provisional
            UNION ALL
            SELECT 'weekly_patrol', count(*) FROM organ o
            WHERE o.department = 'market_supervision'
                AND NOT EXISTS (
                    SELECT FROM week_result w WHERE w.organ_id = o.organ_id AND w.week = \(Week(containing: now).isoLabel)
                )
            """
        },
        DomainFigure("obligations_overdue", by: "kind", of: ["rectification", "weekly_patrol"]) { now in
            """
            SELECT 'rectification' AS label, count(*) AS value FROM problem
            WHERE state IN ('notified', 'acknowledged', 'rectifying', 'returned') AND NOT deadline_provisional
                AND rectify_by < \(now)
            UNION ALL
            SELECT 'weekly_patrol', count(*) FROM organ o JOIN week_result w ON w.organ_id = o.organ_id
            WHERE w.week = \(Week(containing: now - .seconds(604_800)).isoLabel) AND w.status = 'missed'
                AND w.made_up_by IS NULL
            """
        },
    ]
}
