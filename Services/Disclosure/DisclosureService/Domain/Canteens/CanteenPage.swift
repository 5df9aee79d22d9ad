import Calendar
import Contracts

/// Everything public about one canteen.
struct CanteenPage: Sendable {
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
    /// Public now, by category and then newest first.
    let items: [ItemRecord]
    /// Open ones first, the most urgent on top, then the latest closed ones.
    let problems: [PublicProblem]
    let cameras: [ZoneCameras]
}
