/// Why somebody may not watch. The raw value is the stable code of answers, headers and `ticket.refused` events.
enum ViewRefusal: String, Error, CaseIterable, Sendable {
    // As if there were no such camera (404): the answer must not reveal what belongs to others.
    case cameraUnknown = "camera_unknown"
    case otherSchool = "camera_of_other_school"
    case outOfScope = "camera_out_of_scope"
    // The viewer (401, 403).
    case notSignedIn = "not_signed_in"
    case accountNotActive = "account_not_active"
    case accountExpired = "account_expired"
    case consentMissing = "consent_missing"
    case contractEnded = "contract_ended"
    case notGranted = "camera_not_granted"
    case outsideWindow = "outside_window"
    case roleNotAllowed = "role_not_allowed"
    case reasonMissing = "reason_missing"
    case schoolLimit = "school_stream_limit"
    case staffLimit = "staff_stream_limit"
    // The camera (403).
    case anteroom = "anteroom"
    case cameraNotActive = "camera_not_active"
    case licenceRevoked = "licence_revoked"
    case canteenNotOperating = "canteen_not_operating"
    // The ticket and the session (403).
    case ticketInvalid = "ticket_invalid"
    case ticketUsed = "ticket_used"
    case ticketExpired = "ticket_expired"
    case sessionUnknown = "session_unknown"
    case sessionEnded = "session_ended"
    case sessionExpired = "session_expired"
    case wrongViewer = "wrong_viewer"
    case wrongCamera = "wrong_camera"
    case path = "path_not_allowed"

    /// HTTP status towards the viewer.
    var status: Int {
        switch self {
        case .cameraUnknown, .otherSchool, .outOfScope: 404
        case .notSignedIn: 401
        case .reasonMissing: 422
        case .schoolLimit, .staffLimit: 429
        default: 403
        }
    }
}
