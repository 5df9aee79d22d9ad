import Access
import Calendar
import Contracts

/// Who may watch which camera now. Pure: the same answer for a ticket, a playlist and a segment (domain §6 art 3 and
/// 12).
///
/// Order of the checks: what the viewer may not even know exists comes first, then the account, then the right, then
/// the
/// camera, the canteen and the clock, so that a refusal never says more than the viewer may learn.
struct ViewRules: Sendable {
    var limits: CityLimits
    let access: AccessPolicy
    /// Public holidays; nil where no notice is known.
    let holidays: WorkingCalendar?

    init(limits: CityLimits, access: AccessPolicy = AccessPolicy(), holidays: WorkingCalendar? = nil) {
        self.limits = limits
        self.access = access
        self.holidays = holidays
    }

    /// The weekday whose windows apply at a school on a day.
    func weekday(_ school: SchoolFacts) -> (LocalDate) -> Int? {
        { day in school.calendar.weekday(on: day, holidays: holidays) }
    }

    /// A member of staff's right does not end by the clock; it is asked again with every segment all the same.
    static let staffHorizon: Duration = .seconds(24 * 3600)

    /// - Parameter school: what is known about the school of a representative's account.
    func decide(
        _ viewer: Viewer, camera: CameraFacts?, canteen: CanteenFacts?, school: SchoolFacts = .none, now: Instant
    ) -> ViewDecision {
        guard let camera, let canteen, camera.canteenId == canteen.canteenId else { return .refused(.cameraUnknown) }
        switch viewer {
        case .representative(let account, let grants):
            return decide(account, grants, camera, canteen, school, now)
        case .staff(let principal, let reason):
            return decide(principal, reason, camera, canteen, now)
        }
    }

    // MARK: representatives: default deny, live only

    private func decide(
        _ account: RepresentativeAccount, _ grants: [ViewGrant], _ camera: CameraFacts, _ canteen: CanteenFacts,
        _ school: SchoolFacts, _ now: Instant
    ) -> ViewDecision {
        if account.state == .expired || now >= account.expiresAt { return .refused(.accountExpired) }
        guard account.state.isUsable else { return .refused(.accountNotActive) }
        if camera.schoolId != account.schoolId {
            // A caterer's kitchen: only while it supplies the school, and it is told only to who could know of it.
            let isGranted = grants.contains { $0.revokedAt == nil && $0.cameraIds.contains(camera.cameraId) }
            guard canteen.isCaterer, isGranted, school.knows(supplier: canteen.schoolId) else {
                return .refused(.otherSchool)
            }
            guard school.isSupplied(by: canteen.schoolId, on: LocalDate(now)) else {
                return .refused(.contractEnded)
            }
        }
        if camera.isAnteroom { return .refused(.anteroom) }
        let inForce = grants.filter { grant in
            grant.representativeId == account.representativeId && grant.schoolId == account.schoolId
                && grant.names(camera) && grant.isInForce(at: now)
        }
        guard !inForce.isEmpty else { return .refused(.notGranted) }
        guard camera.status == .active else { return .refused(.cameraNotActive) }
        if canteen.licenceRevoked { return .refused(.licenceRevoked) }
        guard canteen.operating else { return .refused(.canteenNotOperating) }
        var latest: (until: Instant, endsBy: ViewEnd)?
        for grant in inForce {
            guard let window = grant.schedule.open(at: now, within: limits, weekday: weekday(school)) else { continue }
            let byGrant = grant.validTo < window.end
            let until = byGrant ? grant.validTo : window.end
            if latest.map({ until > $0.until }) ?? true { latest = (until, byGrant ? .expired : .windowEnd) }
        }
        guard let latest else { return .refused(.outsideWindow) }
        return account.expiresAt < latest.until
            ? .allowed(until: account.expiresAt, endsBy: .expired)
            : .allowed(until: latest.until, endsBy: latest.endsBy)
    }

    // MARK: staff: by the access matrix, with a reason

    private func decide(
        _ principal: Principal, _ reason: ViewReason?, _ camera: CameraFacts, _ canteen: CanteenFacts, _ now: Instant
    ) -> ViewDecision {
        // A representative's token, should there ever be one, is no way around the school's windows.
        guard principal.role != .parentRepresentative else { return .refused(.roleNotAllowed) }
        switch access.decide(principal, .liveView, on: canteen.resource, intent: .read) {
        case .denied: return .refused(.roleNotAllowed)
        case .hidden: return .refused(.outOfScope)
        case .allowed: break
        }
        guard let reason else { return .refused(.reasonMissing) }
        switch camera.status {
        case .active, .degraded: break
        // Somebody must be able to look at the first frame, or at what is broken.
        case .pending, .offline:
            guard reason == .firstFrame || reason == .fault else { return .refused(.cameraNotActive) }
        }
        return .allowed(until: now + Self.staffHorizon, endsBy: .expired)
    }
}

extension ViewRules {
    /// Why a recording may not be seen; nil when it may. Staff only, by the access matrix, always with a reason; what the
    /// camera does today does not matter.
    func refusesPlayback(
        _ principal: Principal, reason: ViewReason?, camera: CameraFacts?, canteen: CanteenFacts?
    ) -> ViewRefusal? {
        guard let camera, let canteen, camera.canteenId == canteen.canteenId else { return .cameraUnknown }
        guard principal.role != .parentRepresentative else { return .roleNotAllowed }
        switch access.decide(principal, .playback, on: canteen.resource) {
        case .denied: return .roleNotAllowed
        case .hidden: return .outOfScope
        case .allowed: return reason == nil ? .reasonMissing : nil
        }
    }
}

extension ViewRefusal {
    /// What a running view is ended by when this refusal appears in the middle of it.
    var endsRunningView: ViewEnd {
        switch self {
        case .outsideWindow: .windowEnd
        case .accountExpired, .sessionExpired, .notSignedIn: .expired
        case .licenceRevoked, .canteenNotOperating: .licenceRevoked
        case .cameraNotActive, .cameraUnknown, .anteroom: .cameraUnavailable
        default: .revoked
        }
    }
}
