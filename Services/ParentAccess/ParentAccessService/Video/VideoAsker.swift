import Access
import Contracts

/// Who knocks at the video door: the signed-in person and, for a representative, the hash of the session cookie.
struct VideoAsker: Sendable {
    let principal: Principal
    let loginHash: [UInt8]?
    /// A guest of an organ, not a representative of parents.
    var isGuest = false

    var isRepresentative: Bool { principal.role == .parentRepresentative }

    var identity: ViewerIdentity {
        isRepresentative
            ? .representative(RepresentativeID(principal.personId.rawValue)) : .staff(principal.personId)
    }

    /// For events: parent, guest, school, regulator or bureau.
    var kind: String {
        switch principal.role {
        case .parentRepresentative: isGuest ? "guest" : "parent"
        case .principal, .safetyLead, .platformOperator, .caterer: "school"
        case .educationOfficer, .hrOfficer: "bureau"
        default: "regulator"
        }
    }
}
