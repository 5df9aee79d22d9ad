import ServiceKit

// What the school's templates see.

struct RepresentativeRow: Sendable {
    let path: String
    let label: String
    let number: String
    let state: String
    let stateClass: String
    let until: String
    let grants: Int
}

struct SchoolModel: Sendable {
    let schoolName: String?
    let rows: [RepresentativeRow]
    let hasRows: Bool
    let pager: Pager?
}

struct InviteModel: Sendable {
    let fields: [FormField]
    let sendsSMS: Bool
    let grant: GrantFormModel
    let conflict: String?
}

struct InvitedModel: Sendable {
    let number: String
    let link: String
    let expires: String
    /// Data URI of the QR code.
    let picture: String?
    let backPath: String
    let wasSent: Bool
    /// The gateway did not take the message.
    let wasNotSent: Bool
}

/// `周一、周二` `11:00–13:00`
struct WindowLine: Sendable {
    let days: String
    let time: String
}

struct GrantRow: Sendable {
    let cameras: [String]
    let windows: [WindowLine]
    let from: String
    let to: String
    let revoked: String?
    let revokePath: String
}

struct RepresentativeModel: Sendable {
    let path: String
    let number: String
    let state: String
    let stateClass: String
    let until: String
    let invited: String
    let activated: String?
    let grants: [GrantRow]
    let canRenew: Bool
    let canSuspend: Bool
    let canResume: Bool
    let canRevoke: Bool
    let grantForm: GrantFormModel?
}

struct ViewRow: Sendable {
    let who: String
    let camera: String
    let from: String
    let to: String?
    let endedBy: String?
}

struct ViewsModel: Sendable {
    let rows: [ViewRow]
    let hasRows: Bool
    /// A representative's own list has no column "who".
    let isOwn: Bool
    let pager: Pager?
}
