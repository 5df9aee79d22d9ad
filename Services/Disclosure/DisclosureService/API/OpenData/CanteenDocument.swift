import Calendar
import Contracts

/// A canteen in the public list of the JSON interface.
struct CanteenListEntry: Encodable {
    struct Licence: Encodable {
        let state: LicenceState
        let validTo: LocalDate
    }

    struct Position: Encodable {
        let latitude: Double
        let longitude: Double
        let coordinateSystem: CoordinateSystem
    }

    let canteenId: CanteenID
    let name: String
    let schoolName: String
    let schoolType: SchoolType
    let isCaterer: Bool
    let divisionCode: String
    let township: String?
    let operating: Bool
    let licence: Licence
    let published: [DisclosureCategory]
    let missing: [DisclosureCategory]
    let openProblems: Int
    let cameras: Int
    let activeCameras: Int
    /// excellent, good, fair or ungraded: never blank.
    let grade: String
    let gradedOn: LocalDate?
    /// Absent where the register states none.
    let position: Position?
    /// Metres from `near`; absent without it.
    let distanceM: Int?

    init(_ summary: CanteenSummary, today: LocalDate) {
        canteenId = summary.canteenId
        name = summary.name
        schoolName = summary.schoolName
        schoolType = summary.schoolType
        isCaterer = summary.isCaterer
        divisionCode = summary.divisionCode
        township = summary.township
        operating = summary.operating
        licence = Licence(state: summary.licenceState(today: today), validTo: summary.licenceValidTo)
        published = summary.completeness.present
        missing = summary.completeness.missing
        openProblems = summary.openProblems
        cameras = summary.cameras
        activeCameras = summary.activeCameras
        grade = summary.grade ?? CanteenFilter.Grade.ungraded.rawValue
        gradedOn = summary.gradedOn
        position = summary.position.map {
            Position(latitude: $0.latitude, longitude: $0.longitude, coordinateSystem: $0.system)
        }
        distanceM = summary.distance
    }
}

/// A slice of the public list. `total` counts everything that matches, whatever the slice holds.
struct CanteenListDocument: Encodable {
    let items: [CanteenListEntry]
    let total: Int
    let limit: Int
    /// Absent on the last slice.
    let nextCursor: String?
    /// Day for which the licence states were computed.
    let asOf: LocalDate
}

/// One canteen in the JSON interface.
struct CanteenDocument: Encodable {
    struct Licence: Encodable {
        let number: String
        let holder: String
        let premises: String
        let issuedOn: LocalDate
        let validTo: LocalDate
        let state: LicenceState
        let revokedOn: LocalDate?
        let catererNumber: String?
    }

    struct Category: Encodable {
        let category: DisclosureCategory
        /// Counts as public: there is a current item, and for D4 a director where one is needed.
        let published: Bool
        let notApplicable: Bool
        /// Public items of the category now.
        let items: Int
        /// Of the latest item.
        let itemId: ItemID?
        let version: Int?
        let publishedAt: Instant?
        let validTo: LocalDate?
    }

    struct Rectification: Encodable {
        let cause: String
        let measure: String
        let prevention: String
        let submittedAt: Instant
    }

    struct Problem: Encodable {
        let problemId: ProblemID
        let origin: ProblemOrigin?
        let zone: ZoneCode
        let itemCode: String
        let itemText: String
        let severity: Int
        let description: String
        let foundAt: Instant
        let rectifyBy: Instant
        let stage: ProblemStage
        let rectification: Rectification?
        let outcome: ProblemOutcome?
        let closedAt: Instant?
    }

    struct ZoneCameras: Encodable {
        let zone: ZoneCode
        let total: Int
        let active: Int
    }

    let canteen: CanteenListEntry
    let servingMode: String
    let diners: Int
    let licence: Licence
    let categories: [Category]
    /// All open problems and the latest closed ones; `closedProblems` counts all closed.
    let problems: [Problem]
    let closedProblems: Int
    let camerasByZone: [ZoneCameras]
    let asOf: LocalDate

    init(_ page: CanteenPage, today: LocalDate) {
        canteen = CanteenListEntry(page.summary, today: today)
        servingMode = page.servingMode
        diners = page.diners
        let licence = page.licence
        self.licence = Licence(
            number: licence.number, holder: licence.holder, premises: licence.premises, issuedOn: licence.issuedOn,
            validTo: licence.validTo, state: licence.state(today: today), revokedOn: licence.revokedOn,
            catererNumber: licence.catererNumber)
        categories = DisclosureCategory.allCases.map { category in
            let items = page.items.filter { $0.category == category }
            let latest = items.first
            return Category(
                category: category, published: page.summary.completeness.present.contains(category),
                notApplicable: latest?.isNotApplicable ?? false, items: items.count, itemId: latest?.itemId,
                version: latest?.version, publishedAt: latest?.publishedAt, validTo: latest?.validTo)
        }
        problems = page.problems.map { problem in
            Problem(
                problemId: problem.problemId, origin: problem.origin.isPublic ? problem.origin : nil,
                zone: problem.zone, itemCode: problem.itemCode, itemText: problem.itemText,
                severity: problem.severity, description: problem.description, foundAt: problem.foundAt,
                rectifyBy: problem.rectifyBy, stage: problem.stage,
                rectification: problem.rectification.map {
                    Rectification(
                        cause: $0.cause, measure: $0.measure, prevention: $0.prevention, submittedAt: $0.submittedAt)
                }, outcome: problem.outcome, closedAt: problem.closedAt)
        }
        closedProblems = page.closedProblems
        camerasByZone = page.cameras.map { ZoneCameras(zone: $0.zone, total: $0.total, active: $0.active) }
        asOf = today
    }
}
