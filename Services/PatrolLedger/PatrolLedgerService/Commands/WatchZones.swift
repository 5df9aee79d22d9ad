import Calendar
import Contracts
import Journal
import Postgres

/// What a sign of life answers: how far the zone has got.
struct ViewProgress: Codable, Hashable, Sendable {
    var canteenId: CanteenID
    var zone: ZoneCode
    var viewedSeconds: Int
    var minimumSeconds: Int
    var isEnough: Bool
}

extension PatrolDesk {
    /// The page reports a running picture every 5 s; two missed reports end the look.
    static let longestHeartbeatGap: Duration = .seconds(12)

    /// The patrol page says that this camera's picture is running now. Time is the server's: the first report is worth
    /// nothing, each further one the time since the report before.
    func heartbeat(_ id: PatrolID, camera cameraId: CameraID, by caller: Caller) async throws -> ViewProgress {
        let now = clock.now()
        return try await inTransaction { transaction in
            let officer = try await officer(caller, transaction)
            _ = try await runningPatrol(id, officer, transaction)
            let camera = try await patrolCamera(cameraId, in: id, transaction)
            guard camera.delivers else {
                throw Refusal.conflict("camera_offline", zh: "摄像机没有信号", en: "The camera has no signal")
            }
            try await transaction.recordHeartbeat(
                patrol: id, camera: camera, person: officer.person, at: now, longestGap: Self.longestHeartbeatGap)
            return try await progress(id, camera.canteenId, camera.zone, transaction)
        }
    }

    /// Without a script: the officer says from when to when the zone was watched. Believed only as far as parent access
    /// recorded a view of this officer on a camera of the zone.
    func stateViewed(
        _ id: PatrolID, canteen canteenId: CanteenID, zone: ZoneCode, from: Instant, to: Instant, by caller: Caller
    ) async throws -> ViewProgress {
        let now = clock.now()
        return try await inTransaction { transaction in
            let officer = try await officer(caller, transaction)
            let patrol = try await runningPatrol(id, officer, transaction)
            let canteen = try await visitedCanteen(canteenId, in: id, transaction)
            guard let started = patrol.startedAt, from < to, to <= now, from >= started else {
                throw Refusal.input(
                    "view_window", field: "from", zh: "观看时段须在巡查开始之后、当前时间之前，且起始早于结束",
                    en: "The time must lie between the start of the patrol and now")
            }
            let recorded = try await transaction.recordStatedView(
                patrol: id, canteen: canteen.canteenId, zone: zone, person: officer.person, from: from, to: to, now: now
            )
            guard recorded > 0 else {
                throw Refusal.conflict(
                    "no_view_record", zh: "系统没有该时段的观看记录", en: "There is no record of a view at that time")
            }
            return try await progress(id, canteenId, zone, transaction)
        }
    }

    /// A camera of a canteen of the patrol; 422 for any other.
    func patrolCamera(
        _ id: CameraID, in patrol: PatrolID, _ executor: some PostgresExecutor
    ) async throws -> CameraRecord {
        let visits = try await executor.visits(of: patrol)
        guard let camera = try await executor.camera(id), visits.contains(where: { $0.canteenId == camera.canteenId })
        else {
            throw Refusal.input(
                "camera_not_in_patrol", field: "camera_id", zh: "该摄像机不属于本次巡查的食堂",
                en: "This camera belongs to no canteen of the patrol")
        }
        return camera
    }

    private func progress(
        _ id: PatrolID, _ canteen: CanteenID, _ zone: ZoneCode, _ executor: some PostgresExecutor
    ) async throws -> ViewProgress {
        let seconds = try await executor.views(of: id).seconds(canteen: canteen, zone: zone)
        return ViewProgress(
            canteenId: canteen, zone: zone, viewedSeconds: seconds, minimumSeconds: rules.minimumViewSeconds,
            isEnough: seconds >= rules.minimumViewSeconds)
    }
}
