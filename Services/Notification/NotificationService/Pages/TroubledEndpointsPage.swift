import Calendar
import Contracts
import Delivery
import ServiceKit

/// A paused or failing endpoint as the operator sees it. Host only: a URL may carry a token of its owner.
struct TroubledEndpoint: Encodable, Sendable {
    let endpointId: EndpointID
    let organId: OrganID
    let organName: String?
    let host: String?
    let state: Endpoint.State
    let pausedReason: PauseReason?
    let pausedAt: Instant?
    let failingSince: Instant?
    let queued: Int
    let failed: Int

    init(_ endpoint: Endpoint, _ organ: Organ?) {
        endpointId = endpoint.endpointId
        organId = endpoint.organId
        organName = organ?.name
        do {
            host = try DeliveryURL(endpoint.url, allowsPlainHTTP: true).host
        } catch {
            // It was checked when it was stored; what cannot be read is not shown.
            host = nil
        }
        state = endpoint.state
        pausedReason = endpoint.pausedReason
        pausedAt = endpoint.pausedAt
        failingSince = endpoint.failingSince
        queued = endpoint.queued
        failed = endpoint.failed
    }
}

/// Model of `troubled-endpoints.mustache`.
struct TroubledEndpointsPage {
    struct Line {
        let organ: String
        let host: String
        let state: String
        let stateTone: String
        let reason: String?
        let since: String
        let queued: Int
        let failed: Int
    }

    let lines: [Line]
    let isEmpty: Bool
    let pager: Pager

    init(_ page: PageOf<Endpoint>, _ organs: [OrganID: Organ], _ pages: Pages, _ context: BrightContext) {
        lines = page.items.map { endpoint in
            let line = TroubledEndpoint(endpoint, organs[endpoint.organId])
            return Line(
                organ: line.organName ?? line.organId.rawValue, host: line.host ?? "—",
                state: pages.text(
                    line.state == .paused
                        ? "notification.endpoint_state.paused" : "notification.troubled.failing", context),
                stateTone: line.state == .paused ? "error" : "warn",
                reason: line.pausedReason.map { pages.text("notification.paused.\($0.rawValue)", context) },
                since: (line.pausedAt ?? line.failingSince).map(CivilText.short) ?? "—", queued: line.queued,
                failed: line.failed)
        }
        isEmpty = lines.isEmpty
        pager = page.pager(path: "/notification/operations/endpoints")
    }
}
