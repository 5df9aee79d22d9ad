import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Models of the camera pages.
struct CameraViews: Sendable {
    let pages: Pages

    private struct Card {
        let name: String
        let school: String
        let zone: String
        let gbId: String
        let path: String
    }

    private struct PendingModel {
        let cards: [Card]
        let isEmpty: Bool
        let text: String
        let pager: Pager
    }

    func pending(_ page: PageOf<CameraList.Item>, _ context: BrightContext) throws -> Response {
        func text(_ key: String) -> String { pages.text(key, context) }
        return try pages.render(
            "cameras", context,
            PageMeta(
                title: text("review.title"),
                crumbs: [Crumb(text("canteens.title"), "/registry/canteens"), Crumb(text("review.title"))],
                lead: pages.text("review.lead", context, ["n": String(page.total)]), current: "canteens", isWide: true),
            model: PendingModel(
                cards: page.items.map { item in
                    Card(
                        name: item.camera.name, school: "\(item.schoolName) · \(item.canteenName)",
                        zone: pages.label(item.camera.zone, context), gbId: item.camera.gbId,
                        path: "/registry/cameras/\(item.camera.id)")
                }, isEmpty: page.items.isEmpty, text: text("review.none"),
                pager: page.pager(path: "/registry/cameras/review")))
    }

    private struct CameraModel {
        let school: String
        let canteenPath: String
        let historyPath: String?
        let papersPath: String
        let zone: String
        let gbId: String
        let enabledOn: String
        let status: String
        let isActive: Bool
        let isAnteroom: Bool
        let picture: String?
        let frame: String
        let capturedAt: String
        let digest: String
        let missing: String?
        let form: Form?
        let alert: String?
        let hasFaults: Bool
        let faults: [[String: String]]
    }

    private struct Form {
        let action: String
        let reason: FormField
        let needsStatement: Bool
    }

    func camera(
        _ camera: Camera, _ canteen: Canteen, frame: FirstFrameStore.Frame?, missing: Problem?, problem: Problem?,
        _ context: BrightContext, status: HTTPResponse.Status
    ) throws -> Response {
        func text(_ key: String) -> String { pages.text(key, context) }
        let mayDecide = camera.status == .pending && frame != nil && context.may(.confirmAccess, on: canteen.resource())
        let reasonFault = problem?.faults.first { $0.field == "reason" }?.detail[context.language]
        let model = CameraModel(
            school: "\(canteen.institution.name) · \(canteen.name)", canteenPath: "/registry/canteens/\(canteen.id)",
            historyPath: camera.status == .pending ? nil : "/registry/cameras/\(camera.id)/history",
            papersPath: "/registry/cameras/\(camera.id)/papers",
            zone: pages.label(camera.zone, context), gbId: camera.gbId, enabledOn: camera.enabledOn.iso,
            status: pages.label(camera.status, context), isActive: camera.status == .active,
            isAnteroom: camera.isAnteroom,
            picture: frame.map { "/registry/cameras/\(camera.id)/first-frame.jpg?v=\($0.id)" }, frame: frame?.id ?? "",
            capturedAt: frame.map { Self.time($0.capturedAt) } ?? "",
            digest: frame?.sha256.hexText ?? "", missing: missing?.detail[context.language],
            form: mayDecide
                ? Form(
                    action: "/registry/cameras/\(camera.id)/first-frame",
                    reason: FormField(
                        "reason", label: text("review.reason"), kind: .area, hint: text("review.reason_hint"),
                        fault: reasonFault, isOptional: true, maximum: 200), needsStatement: camera.isAnteroom) : nil,
            alert: problem.flatMap { $0.status == .conflict ? $0.detail[context.language] : nil },
            hasFaults: problem?.faults.isEmpty == false,
            faults: problem?.faults.map { ["field": $0.field, "detail": $0.detail[context.language]] } ?? [])
        return try pages.render(
            "camera", context,
            PageMeta(
                title: camera.name,
                crumbs: [
                    Crumb(text("canteens.title"), "/registry/canteens"),
                    Crumb(text("review.title"), "/registry/cameras/review"), Crumb(camera.name),
                ], current: "canteens"),
            model: model, status: status)
    }

    /// `2026-11-23 09:00:00`, the city's time.
    static func time(_ instant: Instant) -> String {
        String(instant.rfc3339.prefix(19)).replacing("T", with: " ")
    }
}
