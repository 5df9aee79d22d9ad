import Calendar
import Contracts

/// An alert in the JSON interface.
struct AlertView: Codable, Sendable {
    var alertId: AlertID
    var canteenId: CanteenID
    var canteenName: String
    var schoolId: SchoolID
    var schoolName: String
    var cameraId: CameraID?
    var sensor: String?
    var zone: ZoneCode
    var vendor: String
    var productVersion: String
    var vendorCode: String
    var code: String?
    var codeTable: String
    var severity: Int?
    var confidence: Double?
    var celsius: Double?
    var firstAt: Instant
    var lastAt: Instant
    var occurrences: Int
    var receivedAt: Instant
    /// The school was told before a person had looked.
    var toldUnconfirmed: Bool
    var state: AlertRecord.State
    var decidedBy: PersonID?
    var decidedAt: Instant?
    var reason: String?
    var problemId: ProblemID?
    /// Recording that the vendor pointed to.
    var clipFrom: Instant?
    var clipTo: Instant?
    /// What became of the vendor's picture: kept, refused, failed; absent = none came.
    var picture: String?
    /// The pictures, for those who may see them; only with one alert.
    var evidence: [EvidenceReference]?

    init(_ listing: AlertListing) {
        let alert = listing.alert
        alertId = alert.alertId
        canteenId = alert.canteenId
        canteenName = listing.canteenName
        schoolId = alert.schoolId
        schoolName = listing.schoolName
        cameraId = alert.cameraId
        sensor = alert.sensor
        zone = alert.zone
        vendor = alert.vendor
        productVersion = alert.productVersion
        vendorCode = alert.vendorCode
        code = alert.code
        codeTable = alert.codeTable
        severity = alert.severity
        confidence = alert.confidence
        celsius = alert.celsius
        firstAt = alert.firstAt
        lastAt = alert.lastAt
        occurrences = alert.occurrences
        receivedAt = alert.receivedAt
        toldUnconfirmed = alert.told
        state = alert.state
        decidedBy = alert.decidedBy
        decidedAt = alert.decidedAt
        reason = alert.reason
        problemId = alert.problemId
        clipFrom = alert.clipFrom
        clipTo = alert.clipTo
        picture = alert.picture
    }
}
