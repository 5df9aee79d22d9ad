import Access
import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// Planned outages: entered before they begin; of a school they count when a regulator has approved them. Otherwise
/// missing recordings could be planned away.
struct OutageCommands: Sendable {
    /// Maintenance, not absence.
    static let maximumLength: Duration = .seconds(30 * 86_400)
    /// Somebody who types the present minute is not late.
    static let tolerance: Duration = .seconds(300)

    private static let regulators: Set<Role> = [.cityRegulator, .countyRegulator, .stationOfficer]

    private struct Fact: Encodable {
        let outageId: String
        let cameraId: CameraID?
        let fromAt: Instant
        let toAt: Instant
        let state: OutageStore.State
        let reason: String
    }

    static func enter(
        canteen: Canteen, camera: CameraID?, from: Instant, to: Instant, reason: String, by principal: Principal,
        _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> OutageStore.Outage {
        guard from >= now - tolerance else {
            throw Problem.invalid(
                "from_at", code: "in_the_past", zh: "计划停机须提前登记。", en: "A planned outage is entered before it begins.",
                allowed: "≥ \(now)")
        }
        guard to > from, to - from <= maximumLength else {
            throw Problem.invalid(
                "to_at", code: "not_in_range", zh: "结束时间应在开始之后，且不超过 30 天。",
                en: "The end lies after the beginning, at most 30 days.", allowed: "≤ 30 × 24 h")
        }
        if let camera {
            guard let known = try await CameraStore.lock(camera, transaction), known.canteenId == canteen.id else {
                throw Problem.invalid(
                    "camera_id", code: "unknown_camera", zh: "该食堂没有这台摄像头。", en: "The canteen has no such camera.")
            }
        }
        let outage = OutageStore.Outage(
            id: UUIDv7.string(), canteenId: canteen.id, cameraId: camera, from: from, to: to, reason: reason,
            state: regulators.contains(principal.role) ? .approved : .requested, enteredAt: now)
        try await OutageStore.insert(
            outage, by: principal.personId, isDecided: outage.state == .approved, transaction)
        try await record(outage, context, now, transaction)
        return outage
    }

    static func decide(
        _ id: String, _ state: OutageStore.State, by principal: Principal, _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> OutageStore.Outage {
        guard var outage = try await OutageStore.lock(id, transaction) else { throw Problem.notFound }
        switch state {
        case .approved, .refused:
            guard regulators.contains(principal.role) else { throw Problem.forbidden }
            guard outage.state == .requested else { throw notOpen }
        case .cancelled:
            guard outage.state == .requested || (outage.state == .approved && outage.to > now) else { throw notOpen }
        case .requested:
            throw Problem.invalid(
                "decision", code: "not_allowed", zh: "只能是批准、不批准或取消。", en: "It is approved, refused or cancelled.",
                allowed: "approved, refused, cancelled")
        }
        try await OutageStore.decide(outage, state, by: principal.personId, now: now, transaction)
        outage.state = state
        outage.decidedAt = now
        try await record(outage, context, now, transaction)
        return outage
    }

    private static func record(
        _ outage: OutageStore.Outage, _ context: EventContext, _ now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.record(
            "brightkitchen.registry.outage.\(outage.state.rawValue).v1", subject: outage.canteenId.rawValue,
            data: Fact(
                outageId: outage.id, cameraId: outage.cameraId, fromAt: outage.from, toAt: outage.to,
                state: outage.state, reason: outage.reason), context, occurredAt: now)
    }

    static let notOpen = Problem.conflict(
        code: "already_decided", zh: "该计划停机已处理。", en: "This planned outage has been decided already.")
}
