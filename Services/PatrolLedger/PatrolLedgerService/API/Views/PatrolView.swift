import Calendar
import Contracts

/// A patrol in the JSON interface.
struct PatrolView: Codable, Sendable {
    struct ZoneView: Codable, Sendable {
        var zone: ZoneCode
        var viewedSeconds: Int
        var isViewed: Bool
        var submittedAt: Instant?
        /// When the checklist was filled in by the device's word, and when it came in; `late` where these are far apart.
        var enteredAt: Instant?
        var receivedAt: Instant?
        var late: Bool
        var cameras: [CameraView]
        var findings: [ItemFinding]
    }

    struct CameraView: Codable, Sendable {
        var cameraId: CameraID
        var name: String
        var status: CameraStatus
        /// Opens the live stream in this patrol.
        var video: String
    }

    struct CanteenView: Codable, Sendable {
        var canteenId: CanteenID
        var name: String
        var schoolName: String
        /// Would count if the patrol were closed now.
        var counts: Bool
        var allCamerasWithoutSignal: Bool
        var zones: [ZoneView]
    }

    var patrolId: PatrolID
    var organId: OrganID
    var state: PatrolState
    var basis: [PatrolBasis]
    var basisReference: String?
    var startedAt: Instant?
    var closedAt: Instant?
    var week: String?
    var counted: Int
    var required: Int?
    var ledgerNumber: String?
    var canteens: [CanteenView]
    var evidence: [EvidenceView]

    init(_ review: PatrolReview, rules: RuleSet) {
        let patrol = review.patrol
        let counted = review.countedCanteens(minimumViewSeconds: rules.minimumViewSeconds)
        patrolId = patrol.patrolId
        organId = patrol.organId
        state = patrol.state
        basis = patrol.basis
        basisReference = patrol.basisReference
        startedAt = patrol.startedAt
        closedAt = patrol.closedAt
        week = patrol.week
        self.counted = patrol.counted ?? counted.count
        required = patrol.required
        ledgerNumber = patrol.ledgerNumber
        evidence = review.evidence.map(EvidenceView.init)
        canteens = review.canteens.map { canteen in
            CanteenView(
                canteenId: canteen.canteen.canteenId, name: canteen.canteen.name,
                schoolName: canteen.canteen.schoolName,
                counts: counted.contains(canteen.canteen.canteenId), allCamerasWithoutSignal: canteen.isDark,
                zones: canteen.zones.map { zone in
                    ZoneView(
                        zone: zone.code, viewedSeconds: zone.viewedSeconds,
                        isViewed: zone.viewedSeconds >= rules.minimumViewSeconds, submittedAt: zone.sheet?.submittedAt,
                        enteredAt: zone.sheet?.enteredAt, receivedAt: zone.sheet?.receivedAt,
                        late: zone.sheet?.isLate == true,
                        cameras: zone.cameras.map {
                            CameraView(
                                cameraId: $0.cameraId, name: $0.name, status: $0.status,
                                video: PatrolPaths.video($0.cameraId, patrol: patrol.patrolId))
                        }, findings: zone.sheet?.findings ?? [])
                })
        }
    }
}
