import Contracts

/// The access matrix as a page of the documentation; a test keeps `docs/access-matrix.md` equal to it.
public enum MatrixDocument {
    private static let columns: [(role: Role, title: String)] = [
        (.cityRegulator, "City"), (.countyRegulator, "County"), (.stationOfficer, "Station"),
        (.educationOfficer, "Education"), (.hrOfficer, "Human resources"), (.principal, "Head teacher"),
        (.safetyLead, "Safety lead"), (.platformOperator, "Platform operator"), (.caterer, "Caterer"),
        (.parentRepresentative, "Parent"), (.auditor, "Auditor"), (.securityAdmin, "Security admin"),
        (.systemAdmin, "System admin"),
    ]

    public static func markdown() -> String {
        var lines = [
            "# Who may do what",
            "",
            "Rendered from `Shared/Access/AccessMatrix.swift`, which is domain §7.4 as data; a test keeps this page in step.",
            "✔ may do it and see it, ○ may only see it, – may neither. The word after the mark is the reach:",
            "",
            "| reach | records |",
            "|---|---|",
            "| city, county, station | everything in the officer's city, county, station area |",
            "| supervised | schools of the bureau; a city bureau also those of its department in the counties |",
            "| school, caterer | the person's own institution; a caterer also the canteens it supplies |",
            "| organ | records of the person's own organ |",
            "| granted | cameras and windows of the representative's grant (decided in parent access) |",
            "| all | every record, without business rights |",
            "",
            "“reason” = each use states a reason, which is recorded. Records out of reach are answered 404, roles without",
            "the right 403, and whatever is not in the table is refused.",
            "",
            "| Action | " + columns.map(\.title).joined(separator: " | ") + " |",
            "|---|" + String(repeating: "---|", count: columns.count),
        ]
        for action in Action.allCases {
            let cells = columns.map { cell(AccessMatrix.current.permission(of: $0.role, for: action)) }
            lines.append("| \(action.rawValue) | " + cells.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func cell(_ permission: Permission?) -> String {
        guard let permission else { return "–" }
        let mark = permission.intent == .perform ? "✔" : "○"
        return "\(mark) \(reach(permission.scope))" + (permission.needsReason ? ", reason" : "")
    }

    private static func reach(_ scope: Scope) -> String {
        switch scope {
        case .city: "city"
        case .county: "county"
        case .station: "station"
        case .supervised: "supervised"
        case .ownSchool: "school"
        case .ownCaterer: "caterer"
        case .ownOrgan: "organ"
        case .granted: "granted"
        case .everything: "all"
        }
    }
}
