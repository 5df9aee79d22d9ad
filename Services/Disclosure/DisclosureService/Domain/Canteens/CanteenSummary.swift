import Calendar
import Contracts

/// A canteen in a list.
struct CanteenSummary: Hashable, Sendable {
    var canteenId: CanteenID
    var name: String
    var schoolName: String
    var schoolType: SchoolType
    var isCaterer: Bool
    var divisionCode: String
    var township: String?
    var operating: Bool
    var licenceValidTo: LocalDate
    var licenceRevokedOn: LocalDate?
    var completeness: Completeness
    var openProblems: Int
    var cameras: Int
    var activeCameras: Int
    /// Dynamic grade of the current rating; nil: not yet graded.
    var grade: String?
    var gradedOn: LocalDate?
    /// nil: the register does not say.
    var position: Position?
    /// Metres from the place that was asked for; nil where none was.
    var distance: Int?

    func licenceState(today: LocalDate) -> LicenceState {
        LicenceState(validTo: licenceValidTo, revokedOn: licenceRevokedOn, today: today)
    }
}
