import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Patrols over JSON, under `/patrol/api/v1`.
struct PatrolAPI: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner

    private struct AddBody: Codable, Sendable { var canteenIds: [CanteenID] }
    private struct CancelBody: Codable, Sendable { var reason: String? }
    private struct HeartbeatBody: Codable, Sendable { var cameraId: CameraID }
    private struct ViewBody: Codable, Sendable {
        var canteenId: CanteenID
        var zone: ZoneCode
        var from: Instant
        var to: Instant
    }
    private struct PatrolAnswer: Codable, Sendable { var patrolId: PatrolID }

    func declare(_ routes: Routes) {
        declareReading(routes)
        declarePlanning(routes)
        declareWorking(routes)
    }

    private func declareReading(_ routes: Routes) {
        routes.get("/week", .read(.seePatrolPlan)) { _, context in
            try await answering {
                let organ = try await desk.ownOrgan(try context.caller())
                return try Response.json(try await desk.weekStatus(of: organ, desk.pool))
            }
        }
        routes.get("/suggestions", .read(.seePatrolPlan)) { request, context in
            try await answering {
                let organ = try await desk.ownOrgan(try context.caller())
                let page = try PageRequest(request)
                let all = try await desk.pool.suggestions(for: organ, today: LocalDate(context.now), now: context.now)
                let part = all.dropFirst(page.offset).prefix(page.size).map(SuggestionView.init)
                return try Response.json(PageOf(Array(part), of: page, total: all.count))
            }
        }
        routes.get("/patrols", .read(.seePatrolPlan)) { request, context in
            try await answering {
                let organ = try await desk.ownOrgan(try context.caller())
                let page = try PageRequest(request)
                let patrols = try await desk.pool.patrols(of: organ.organId, limit: page.size, offset: page.offset)
                let total = try await desk.pool.patrolCount(of: organ.organId)
                return try Response.json(PageOf(patrols.map(PatrolSummary.init), of: page, total: total))
            }
        }
        routes.get("/patrols/{patrol}", .read(.seePatrolPlan)) { _, context in
            try await answering {
                let review = try await desk.readPatrol(try context.id("patrol"), for: try context.caller())
                return try Response.json(PatrolView(review, rules: desk.rules))
            }
        }
        routes.get("/patrols/{patrol}/views", .read(.seePatrolPlan)) { request, context in
            try await answering {
                let page = try PageRequest(request)
                let patrol: PatrolID = try context.id("patrol")
                _ = try await desk.readPatrol(patrol, for: try context.caller())
                let views = try await desk.pool.views(of: patrol)
                let part = views.dropFirst(page.offset).prefix(page.size).map(ViewView.init)
                return try Response.json(PageOf(Array(part), of: page, total: views.count))
            }
        }
        routes.get("/checklist", .signedIn) { _, _ in try Response.json(desk.checklist) }
    }

    private func declarePlanning(_ routes: Routes) {
        routes.post("/patrols", .action(.runPatrol)) { request, context in
            try await commands.json(request, context, PatrolOrder.self) { desk, caller, order in
                let id = try await desk.open(order, by: caller)
                return try Response.json(PatrolAnswer(patrolId: id), status: .created)
            }
        }
        routes.post("/patrols/{patrol}/start", .action(.runPatrol)) { request, context in
            let id: PatrolID = try context.id("patrol")
            return try await commands.bare(request, context) { desk, caller in
                try await desk.start(id, by: caller)
                return Response.noContent()
            }
        }
        routes.post("/patrols/{patrol}/canteens", .action(.runPatrol)) { request, context in
            let id: PatrolID = try context.id("patrol")
            return try await commands.json(request, context, AddBody.self) { desk, caller, body in
                try await desk.add(body.canteenIds, to: id, by: caller)
                return Response.noContent()
            }
        }
        routes.post("/patrols/{patrol}/cancel", .action(.runPatrol)) { request, context in
            let id: PatrolID = try context.id("patrol")
            return try await commands.json(request, context, CancelBody.self) { desk, caller, body in
                try await desk.cancel(id, reason: body.reason, by: caller)
                return Response.noContent()
            }
        }
        routes.post("/patrols/{patrol}/submit", .action(.runPatrol)) { request, context in
            let id: PatrolID = try context.id("patrol")
            return try await commands.bare(request, context) { desk, caller in
                try Response.json(try await desk.close(id, by: caller))
            }
        }
    }

    private func declareWorking(_ routes: Routes) {
        // Not idempotent by key: each sign of life is a fact of its own moment.
        routes.post("/patrols/{patrol}/heartbeat", .action(.runPatrol)) { request, context in
            let body = try await request.json(HeartbeatBody.self, context)
            return try await answering {
                try Response.json(
                    try await desk.heartbeat(try context.id("patrol"), camera: body.cameraId, by: try context.caller()))
            }
        }
        routes.post("/patrols/{patrol}/views", .action(.runPatrol)) { request, context in
            let id: PatrolID = try context.id("patrol")
            return try await commands.json(request, context, ViewBody.self) { desk, caller, body in
                try Response.json(
                    try await desk.stateViewed(
                        id, canteen: body.canteenId, zone: body.zone, from: body.from, to: body.to, by: caller))
            }
        }
        routes.post("/patrols/{patrol}/playbacks", .action(.runPatrol)) { request, context in
            let id: PatrolID = try context.id("patrol")
            return try await commands.json(request, context, PlaybackOrder.self) { desk, caller, order in
                try Response.json(try await desk.openPlayback(id, order, by: caller), status: .created)
            }
        }
        let sheet = "/patrols/{patrol}/canteens/{canteen}/zones/{zone}"
        routes.put(sheet, .action(.runPatrol)) { request, context in
            let (id, canteen, zone) = try Self.place(context)
            return try await commands.json(request, context, SheetEntry.self) { desk, caller, entry in
                try await desk.saveDraft(entry, patrol: id, canteen: canteen, zone: zone, by: caller)
                return Response.noContent()
            }
        }
        routes.post("\(sheet)/submit", .action(.runPatrol)) { request, context in
            let (id, canteen, zone) = try Self.place(context)
            return try await commands.json(request, context, SheetEntry.self) { desk, caller, entry in
                try await desk.submitSheet(entry, patrol: id, canteen: canteen, zone: zone, by: caller)
                return Response.noContent()
            }
        }
    }

    /// Patrol, canteen and zone of the path.
    static func place(_ context: BrightContext) throws -> (PatrolID, CanteenID, ZoneCode) {
        guard let zone = ZoneCode(rawValue: context.parameters.get("zone") ?? "") else { throw Problem.notFound }
        return (try context.id("patrol"), try context.id("canteen"), zone)
    }
}
