import Calendar
import Contracts

/// Everything public about one canteen.
struct CanteenPage: Sendable {
    struct Item: Sendable {
        let category: DisclosureCategory
        let version: Int
        let publishedAt: Instant
        let validTo: LocalDate?
    }

    struct ZoneCameras: Sendable {
        let zone: ZoneCode
        let total: Int
        let active: Int
    }

    let summary: CanteenSummary
    let servingMode: String
    let diners: Int
    let closedProblems: Int
    let licence: LicenceDisclosure
    /// Latest version of each published category.
    let items: [Item]
    /// Open ones first, the most urgent on top, then the latest closed ones.
    let problems: [PublicProblem]
    let cameras: [ZoneCameras]
}
