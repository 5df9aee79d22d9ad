import Contracts

/// Who may do what: domain §7.4 as data, row by row. What is not in the table is refused.
public struct AccessMatrix: Sendable {
    private let cells: [Action: [Role: Permission]]

    init(_ cells: [Action: [Role: Permission]]) {
        self.cells = cells
    }

    public func permission(of role: Role, for action: Action) -> Permission? {
        cells[action]?[role]
    }

    /// The table in force.
    public static let current = AccessMatrix([
        .registerCanteen: everyone(
            city: .perform(.city), county: .perform(.county), bureaus: .read(.supervised), auditor: .read(.everything)),
        .applyForRegistration: everyone(
            city: .read(.city), county: .read(.county), safetyLead: .perform(.ownSchool),
            platformOperator: .perform(.ownSchool),
            caterer: .perform(.ownCaterer), auditor: .read(.everything)),
        .confirmAccess: everyone(
            city: .perform(.city), county: .perform(.county), bureaus: .read(.supervised), auditor: .read(.everything)),
        .publishLicenceAndRating: everyone(
            city: .perform(.city), county: .perform(.county), auditor: .read(.everything)),
        .publishInspection: everyone(
            city: .perform(.city), county: .perform(.county), station: .perform(.station), auditor: .read(.everything)),
        .publishSchoolItems: everyone(
            principal: .perform(.ownSchool), safetyLead: .perform(.ownSchool), caterer: .perform(.ownCaterer),
            auditor: .read(.everything)),
        .draftSchoolItems: everyone(
            principal: .perform(.ownSchool), safetyLead: .perform(.ownSchool), platformOperator: .perform(.ownSchool),
            caterer: .perform(.ownCaterer), auditor: .read(.everything)),
        .replyToFinding: everyone(
            principal: .perform(.ownSchool), safetyLead: .perform(.ownSchool), caterer: .perform(.ownCaterer),
            auditor: .read(.everything)),
        // Not a row of §7.4: a school sees the evidence in a case that names it (§5.1, 行政处罚法 art 41), a bureau
        // sees the state of its schools (art 4), the platform operator does not see findings.
        .seeProblem: everyone(
            city: .read(.city), county: .read(.county), station: .read(.station), bureaus: .read(.supervised),
            principal: .read(.ownSchool), safetyLead: .read(.ownSchool), caterer: .read(.ownCaterer),
            auditor: .read(.everything)),
        .submitRectification: everyone(
            principal: .perform(.ownSchool), safetyLead: .perform(.ownSchool), caterer: .perform(.ownCaterer),
            auditor: .read(.everything)),
        .acceptRectification: everyone(
            city: .perform(.city), county: .perform(.county), station: .perform(.station)),
        .runPatrol: everyone(
            city: .perform(.city), county: .perform(.county), station: .perform(.station), auditor: .read(.everything)),
        .seePatrolPlan: everyone(
            city: .perform(.city), county: .perform(.ownOrgan), station: .perform(.ownOrgan),
            auditor: .read(.everything)),
        // Not a row of §7.4: the ledger of art 7 is read by those who patrol and by the auditor.
        .seeLedger: everyone(
            city: .read(.city), county: .read(.county), station: .read(.station), auditor: .read(.everything)),
        .liveView: everyone(
            city: .perform(.city), county: .perform(.county), station: .perform(.station), bureaus: .read(.supervised),
            principal: .perform(.ownSchool), safetyLead: .perform(.ownSchool), platformOperator: .perform(.ownSchool),
            caterer: .perform(.ownCaterer), parent: .perform(.granted)),
        // Not a row of §7.4: art 9 names persons of the school for storage and data; regulators confirm and close.
        .handleFault: everyone(
            city: .perform(.city), county: .perform(.county), station: .perform(.station), bureaus: .read(.supervised),
            principal: .perform(.ownSchool), safetyLead: .perform(.ownSchool), platformOperator: .perform(.ownSchool),
            caterer: .perform(.ownCaterer), auditor: .read(.everything)),
        .playback: everyone(
            city: .perform(.city, reason: true), county: .perform(.county, reason: true),
            station: .perform(.station, reason: true), principal: .perform(.ownSchool, reason: true),
            safetyLead: .perform(.ownSchool, reason: true), caterer: .perform(.ownCaterer, reason: true)),
        .issueBulletin: everyone(
            city: .perform(.city), county: .perform(.county), auditor: .read(.everything)),
        .urge: everyone(
            city: .perform(.city), county: .perform(.county), bureaus: .perform(.supervised),
            auditor: .read(.everything)),
        .readBulletins: everyone(
            city: .read(.city), county: .read(.county), station: .read(.ownOrgan), bureaus: .read(.ownOrgan),
            auditor: .read(.everything)),
        // Not a row of §7.4: receipt and answer are the receiving organ's (art 10).
        .answerBulletins: everyone(
            city: .perform(.ownOrgan), county: .perform(.ownOrgan), station: .perform(.ownOrgan),
            bureaus: .perform(.ownOrgan)),
        .manageParents: everyone(
            principal: .perform(.ownSchool), platformOperator: .perform(.ownSchool), auditor: .read(.everything)),
        // Not rows of §7.4: guests are an organ's (§6 art 12); complaints go the way of 投诉举报, to the supervisors.
        .inviteGuests: everyone(city: .perform(.city), county: .perform(.county)),
        .moderateFeedback: everyone(
            city: .perform(.city), county: .perform(.county), station: .perform(.station), bureaus: .read(.supervised)),
        .readInbox: everyone(
            city: .perform(.ownOrgan), county: .perform(.ownOrgan), station: .perform(.ownOrgan),
            bureaus: .perform(.ownOrgan), principal: .perform(.ownSchool), safetyLead: .perform(.ownSchool),
            platformOperator: .perform(.ownSchool), caterer: .perform(.ownCaterer)),
        .manageWebhooks: everyone(
            city: .perform(.ownOrgan), county: .perform(.ownOrgan), bureaus: .perform(.ownOrgan),
            auditor: .read(.everything)),
        .changeRules: everyone(city: .perform(.city), auditor: .read(.everything)),
        // Not a row of §7.4: art 11 has every organ and every school train its people.
        .manageTraining: everyone(
            city: .perform(.city), county: .perform(.county), station: .read(.station), bureaus: .perform(.supervised),
            principal: .perform(.ownSchool), safetyLead: .perform(.ownSchool), platformOperator: .read(.ownSchool),
            caterer: .perform(.ownCaterer), auditor: .read(.everything)),
        // Not a row of §7.4: the operator sees the state of the services and replays what was set aside.
        .operate: [.systemAdmin: .perform(.everything), .auditor: .read(.everything)],
        .manageAccounts: [.systemAdmin: .perform(.everything), .auditor: .read(.everything)],
        .grantRoles: [.securityAdmin: .perform(.everything), .auditor: .read(.everything)],
        // Not a row of §7.4: whoever has to do with a canteen reads its entry.
        .seeRegister: everyone(
            city: .read(.city), county: .read(.county), station: .read(.station), bureaus: .read(.supervised),
            principal: .read(.ownSchool), safetyLead: .read(.ownSchool), platformOperator: .read(.ownSchool),
            caterer: .read(.ownCaterer), auditor: .read(.everything)),
        .readAudit: everyone(auditor: .perform(.everything)),
    ])

    /// One row; the parameters are the table's columns from left to right.
    private static func everyone(
        city: Permission? = nil, county: Permission? = nil, station: Permission? = nil, bureaus: Permission? = nil,
        principal: Permission? = nil, safetyLead: Permission? = nil, platformOperator: Permission? = nil,
        caterer: Permission? = nil, parent: Permission? = nil, auditor: Permission? = nil
    ) -> [Role: Permission] {
        var row: [Role: Permission] = [:]
        row[.cityRegulator] = city
        row[.countyRegulator] = county
        row[.stationOfficer] = station
        row[.educationOfficer] = bureaus
        row[.hrOfficer] = bureaus
        row[.principal] = principal
        row[.safetyLead] = safetyLead
        row[.platformOperator] = platformOperator
        row[.caterer] = caterer
        row[.parentRepresentative] = parent
        row[.auditor] = auditor
        return row
    }
}
