import Access
import Calendar
import Contracts
import Crypto
import Foundation
import Journal
import Postgres
import ServiceKit

/// The check of a camera's first picture by a person, before anybody else sees it (domain art 5).
struct FirstFrameReview: Sendable {
    /// A picture that a person decides about is at most this old; then a new one is taken.
    static let maximumAge: Duration = .seconds(15 * 60)

    let pool: PostgresPool
    let capture: FrameCapture

    struct Request: Sendable {
        let decision: FirstFrameDecision
        let reason: String?
        /// The picture that the person saw; nil for programs, which decide about the newest.
        let frame: String?
        /// 预进间 only: a privacy statement exists (公共安全视频图像信息系统管理条例 art 8).
        let hasPrivacyStatement: Bool
    }

    private struct Fact: Encodable {
        let cameraId: CameraID
        let frameSha256: String
        let decision: FirstFrameDecision
        let reason: String?
        let privacyStatement: Bool
    }

    /// The picture that waits for a decision; takes one when there is none or it is too old. 409 without a signal.
    func frame(of camera: Camera, now: Instant) async throws -> FirstFrameStore.Frame {
        if let waiting = try await FirstFrameStore.waiting(camera.id, pool), now < waiting.capturedAt + Self.maximumAge
        {
            return waiting
        }
        let jpeg: [UInt8]
        do {
            jpeg = try await capture.capture(gbId: camera.gbId)
        } catch FrameCapture.Failure.noSignal {
            throw Self.noSignal
        } catch FrameCapture.Failure.notDecodable {
            throw Self.notDecodable
        }
        let digest = Array(SHA256.hash(data: Data(jpeg)))
        let id = UUIDv7.string()
        return try await pool.transaction { transaction in
            // Whoever looks at the camera at the same time waits here and then finds this picture.
            _ = try await CameraStore.lock(camera.id, transaction)
            if let waiting = try await FirstFrameStore.waiting(camera.id, transaction),
                now < waiting.capturedAt + Self.maximumAge
            {
                return waiting
            }
            try await FirstFrameStore.replaceWaiting(
                camera.id, id: id, jpeg: jpeg, sha256: digest, at: now, transaction)
            return FirstFrameStore.Frame(
                id: id, capturedAt: now, sha256: digest, decision: nil, reason: nil, decidedAt: nil)
        }
    }

    /// Confirmed → active; rejected → stays pending with the reason. The camera after the decision.
    func decide(
        _ request: Request, on camera: Camera, by person: PersonID, _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> Camera {
        guard var camera = try await CameraStore.lock(camera.id, transaction) else { throw Problem.notFound }
        guard camera.status == .pending else { throw Self.notPending }
        guard let frame = try await FirstFrameStore.waiting(camera.id, transaction),
            request.frame == nil || request.frame == frame.id
        else { throw Self.otherFrame }
        if request.decision == .confirm, camera.isAnteroom, !request.hasPrivacyStatement { throw Self.noStatement }
        try await FirstFrameStore.decide(
            frame.id, request.decision, reason: request.reason, by: person, at: now, transaction)
        let fact = Fact(
            cameraId: camera.id, frameSha256: frame.sha256.hexText,
            decision: request.decision, reason: request.reason, privacyStatement: request.hasPrivacyStatement)
        try await transaction.record(
            "brightkitchen.registry.camera.first-frame-decided.v1", subject: camera.canteenId.rawValue, data: fact,
            context, occurredAt: now)
        guard request.decision == .confirm else { return camera }
        camera.status = .active
        try await CameraStore.save([camera], transaction)
        try await transaction.publish(camera.statusChanged, context, occurredAt: now)
        return camera
    }

    static let noSignal = Problem.conflict(
        code: "no_signal", zh: "没有视频信号，无法取得首帧画面。", en: "There is no video signal, so no first picture can be taken.")
    static let notDecodable = Problem.conflict(
        code: "not_decodable", zh: "视频信号无法解码。", en: "The video signal cannot be decoded.")
    static let notPending = Problem.conflict(
        code: "camera_not_pending", zh: "该摄像头不在待确认状态。", en: "This camera does not wait for a check.")
    static let otherFrame = Problem.conflict(
        code: "frame_replaced", zh: "画面已更新，请查看新的画面后再确认。",
        en: "There is a newer picture. Please look at it before deciding.")
    static let noStatement = Problem.invalid(
        "privacy_statement", code: "privacy_statement_missing", zh: "预进间须先签署隐私声明。",
        en: "An anteroom needs a privacy statement first.", allowed: "true")
}
