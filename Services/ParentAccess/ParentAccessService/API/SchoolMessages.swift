import Calendar
import Contracts
import ServiceKit

/// Body of `POST /parent/v1/representatives`.
struct NewRepresentative: Decodable, Sendable {
    let label: String
    let mobileNumber: String?
    let grant: NewGrant
    /// Sends the link to `mobile_number` as a text message.
    let sendSms: Bool?
}

/// What a grant allows, as JSON.
struct NewGrant: Decodable, Sendable {
    let cameraIds: [CameraID]?
    /// Zone groups of the school, as a whole.
    let zones: [ZoneCode]?
    let windows: [WeeklyWindow]
    let validFrom: LocalDate
    /// Last day, inclusive.
    let validTo: LocalDate

    var terms: GrantTerms {
        GrantTerms(
            cameraIds: cameraIds ?? [], zones: zones ?? [], windows: windows, validFrom: validFrom, validTo: validTo)
    }
}

/// Answer to an invitation; the link is shown here and never again.
struct InvitationAnswer: Encodable, Sendable {
    let representativeId: RepresentativeID
    let accountNumber: String
    let invitationUrl: String
    let expiresAt: Instant
    let grantId: GrantID?
    /// Whether the link went out as a text message; absent when that was not asked for.
    let smsSent: Bool?
}

extension InvitationAnswer {
    init(_ invitation: Invitation, _ publicBaseURL: String, smsSent: Bool? = nil) {
        self.init(
            representativeId: invitation.representativeId, accountNumber: invitation.accountNumber,
            invitationUrl: invitation.link(publicBaseURL), expiresAt: invitation.expiresAt, grantId: invitation.grantId,
            smsSent: smsSent)
    }
}

struct GrantAnswer: Encodable, Sendable {
    let grantId: GrantID
    let cameraIds: [CameraID]
    let zones: [ZoneCode]
    let windows: [WeeklyWindow]
    let validFrom: Instant
    let validTo: Instant
    let revokedAt: Instant?

    init(_ grant: ViewGrant) {
        grantId = grant.grantId
        cameraIds = grant.cameraIds.sorted { $0.rawValue < $1.rawValue }
        zones = grant.zones.sorted { $0.rawValue < $1.rawValue }
        windows = grant.schedule.windows
        validFrom = grant.validFrom
        validTo = grant.validTo
        revokedAt = grant.revokedAt
    }
}

struct RepresentativeAnswer: Encodable, Sendable {
    let representativeId: RepresentativeID
    let accountNumber: String
    let label: String?
    let state: AccountState
    let invitedAt: Instant
    let activatedAt: Instant?
    let expiresAt: Instant
    let grants: [GrantAnswer]?

    init(_ line: SchoolQueries.RepresentativeLine, grants: [ViewGrant]? = nil) {
        representativeId = line.account.representativeId
        accountNumber = line.account.accountNumber
        label = line.label
        state = line.account.state
        invitedAt = line.invitedAt
        activatedAt = line.activatedAt
        expiresAt = line.account.expiresAt
        self.grants = grants?.map(GrantAnswer.init)
    }
}

struct ViewAnswer: Encodable, Sendable {
    let sessionId: ViewSessionID
    let viewer: String
    let cameraId: CameraID
    let cameraName: String
    let startedAt: Instant
    let endedAt: Instant?
    let endedBy: ViewEnd?

    init(_ line: SchoolQueries.ViewLine) {
        sessionId = line.sessionId
        viewer = line.viewer
        cameraId = line.cameraId
        cameraName = line.cameraName
        startedAt = line.startedAt
        endedAt = line.endedAt
        endedBy = line.endedBy
    }
}

extension PageOf {
    /// The same page of other items.
    func map<Other: Sendable>(_ transform: (Item) -> Other) -> PageOf<Other> {
        PageOf<Other>(items.map(transform), of: PageRequest(number: page, size: perPage), total: total)
    }
}
