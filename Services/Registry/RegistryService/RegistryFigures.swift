import Calendar
import ServiceKit

/// What operators watch of the master data: cameras by signal, retention, faults, and the access obligation (接入义务).
enum RegistryFigures {
    static let all: [DomainFigure] = [
        DomainFigure("cameras", by: "state", of: ["ok", "degraded", "lost", "flapping", "unknown"]) { _ in
            "SELECT state AS label, count(*) AS value FROM camera_signal_interval WHERE to_at IS NULL GROUP BY state"
        },
        DomainFigure("camera_retention", by: "state", of: ["accumulating", "met", "short", "unproven"]) { _ in
            "SELECT state AS label, count(*) AS value FROM camera_retention GROUP BY state"
        },
        DomainFigure(
            "device_faults_open", by: "state", of: ["detected", "confirmed", "assigned", "repairing", "recovered"]
        ) { _ in
            """
            SELECT state AS label, count(*) AS value FROM device_fault
            WHERE state IN ('detected', 'confirmed', 'assigned', 'repairing', 'recovered') GROUP BY state
            """
        },
        DomainFigure("obligations_open", by: "kind", of: ["connection"]) { _ in
            "SELECT 'connection' AS label, count(*) AS value FROM canteen_access WHERE clock IN ('running', 'overdue')"
        },
        DomainFigure("obligations_overdue", by: "kind", of: ["connection"]) { _ in
            "SELECT 'connection' AS label, count(*) AS value FROM canteen_access WHERE clock = 'overdue'"
        },
    ]
}
