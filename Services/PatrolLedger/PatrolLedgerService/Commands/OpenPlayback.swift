import Access
import Calendar
import Contracts
import Journal
import Postgres

/// What an officer wants to see of a recording in a patrol.
struct PlaybackOrder: Codable, Hashable, Sendable {
    var cameraId: CameraID
    var from: Instant
    var to: Instant
    /// Required; a `PlaybackReason`.
    var reason: String?
}

/// 回放事由: why recordings are looked at (公共安全视频图像信息系统管理条例 art 16(2)); the codes of parent access.
enum PlaybackReason: String, Codable, Hashable, CaseIterable, Sendable {
    case patrol
    case complaint
    case routine
    case rectification
    case fault
}

/// Where the recording is played, after the view log has it.
struct PlaybackOpening: Codable, Hashable, Sendable {
    var viewId: String
    /// Local path at parent access, which decides again and keeps the call register.
    var path: String
}

extension PatrolDesk {
    /// As parent access: an hour at a time, of one day.
    static let longestPlayback: Duration = .seconds(3600)

    private struct PlaybackNote: Codable, Sendable {
        var viewId: String
        var patrolId: PatrolID
        var cameraId: CameraID
        var recordedFrom: Instant
        var recordedTo: Instant
        var reason: PlaybackReason
    }

    /// Writes the look at a recording into the patrol's view log and the journal, then sends the officer to it. It is no
    /// proof of a visit: the zone's viewing time counts live pictures only.
    func openPlayback(_ id: PatrolID, _ order: PlaybackOrder, by caller: Caller) async throws -> PlaybackOpening {
        let now = clock.now()
        return try await inTransaction { transaction in
            let officer = try await officer(caller, transaction)
            _ = try await runningPatrol(id, officer, transaction)
            let camera = try await patrolCamera(order.cameraId, in: id, transaction)
            guard let canteen = try await transaction.canteen(camera.canteenId),
                AccessPolicy().decide(caller.principal, .playback, on: canteen.resource) == .allowed
            else { throw Self.roleRefused }
            let (reason, day) = try checked(order, now)
            try await checkRecorded(order, day, now, transaction)
            let view = UUIDv7.string()
            try await transaction.execute(
                """
                INSERT INTO view_log (view_id, patrol_id, canteen_id, camera_id, zone, person_id, mode, source, started_at,
                    last_seen_at, ended, reason, recorded_from, recorded_to)
                VALUES (\(view), \(id), \(camera.canteenId), \(camera.cameraId), \(camera.zone), \(officer.person),
                    'playback', 'recording', \(now), \(now), true, \(reason), \(order.from), \(order.to))
                """)
            try await transaction.record(
                "brightkitchen.patrol.playback.opened.v1", subject: camera.canteenId.rawValue,
                data: PlaybackNote(
                    viewId: view, patrolId: id, cameraId: camera.cameraId, recordedFrom: order.from,
                    recordedTo: order.to, reason: reason),
                caller.context, occurredAt: now)
            let from = DisplayTime.minute(order.from).suffix(5)
            // To the minute, and not less than what was asked for.
            let to = DisplayTime.minute(min(order.to + .seconds(59), (day.adding(days: 1)).start - .seconds(60)))
                .suffix(5)
            return PlaybackOpening(
                viewId: view,
                path: "/parent/playback?camera=\(camera.cameraId)&day=\(day.iso)&from=\(from)&to=\(to)"
                    + "&reason=\(reason.rawValue)&reference=\(id)")
        }
    }

    /// 410 for what no recorder holds any more, and for a day on which nothing was recorded by the registry's count; with
    /// the days of the camera's window on which recordings are short.
    private func checkRecorded(
        _ order: PlaybackOrder, _ day: LocalDate, _ now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        let oldest = LocalDate(now).adding(days: -recordingDays)
        let short = try await transaction.query(
            """
            SELECT day, recorded_seconds, gaps FROM recording_shortfall
            WHERE camera_id = \(order.cameraId) AND day >= \(oldest) ORDER BY day
            """
        ) { (try $0["day"] as LocalDate, try $0["recorded_seconds"] as Int, try $0["gaps"] as Int) }
        let list = short.map { "\($0.0.iso)（\($0.1) s，\($0.2)）" }.joined(separator: "、")
        let listEn = short.map { "\($0.0.iso) (\($0.1) s recorded, \($0.2) gaps)" }.joined(separator: ", ")
        guard order.from >= oldest.start else {
            throw Refusal(
                .gone, "recording_expired", field: "from",
                zh: "录像已超过保存期限：最早可回放 \(oldest.iso)。录像不足的日期：\(list.isEmpty ? "无" : list)",
                en: "The recording is older than it is kept: the earliest day is \(oldest.iso). "
                    + "Days with gaps: \(listEn.isEmpty ? "none" : listEn)")
        }
        guard short.contains(where: { $0.0 == day && $0.1 == 0 }) else { return }
        throw Refusal(
            .gone, "not_recorded", field: "from", zh: "该摄像机当日没有录像。录像不足的日期：\(list)",
            en: "The camera recorded nothing on that day. Days with gaps: \(listEn)")
    }

    private func checked(_ order: PlaybackOrder, _ now: Instant) throws(Refusal) -> (PlaybackReason, LocalDate) {
        let code = order.reason?.trimmingWhitespace ?? ""
        guard !code.isEmpty else {
            throw .input(
                "reason_required", field: "reason", zh: "查看回放须选择事由", en: "A reason is required to see recordings")
        }
        guard let reason = PlaybackReason(rawValue: code) else {
            throw .input(
                "not_allowed", field: "reason",
                zh: "事由须为 \(PlaybackReason.allCases.map(\.rawValue).joined(separator: "、")) 之一",
                en: "The reason must be one of \(PlaybackReason.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let day = LocalDate(order.from)
        guard order.from < order.to, order.to <= now, order.to - order.from <= Self.longestPlayback,
            LocalDate(order.to - .microseconds(1)) == day
        else {
            throw .input(
                "playback_span", field: "from", zh: "回放时段须在同一天、已经过去，最长一小时",
                en: "The time must be past, within one day and at most an hour long")
        }
        return (reason, day)
    }
}

extension LedgerContent.Playback {
    init(_ view: ViewRecord) {
        self.init(
            cameraId: view.cameraId, reason: view.reason ?? "", recordedFrom: view.recordedFrom ?? view.startedAt,
            recordedTo: view.recordedTo ?? view.startedAt, openedAt: view.startedAt)
    }
}
