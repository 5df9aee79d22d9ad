import Calendar
import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// 双随机 draws over JSON. A draw is its organ's own until it is published; its opening is then everybody's.
struct DrawAPI: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner

    struct Summary: Codable, Sendable {
        var drawId: DrawID
        var organId: OrganID
        var state: DrawRecord.State
        var inputsHash: String
        var resultHash: String?
        var checkpointSize: Int?
        var announcedAt: Instant
        var publishedAt: Instant?
        /// nil until it is drawn.
        var picks: [DrawResult.Pick]?

        init(_ record: DrawRecord) throws {
            drawId = record.drawId
            organId = record.organId
            state = record.state
            inputsHash = record.inputsHash
            resultHash = record.resultHash
            checkpointSize = record.checkpointSize
            announcedAt = record.announcedAt
            publishedAt = record.publishedAt
            picks = try record.decodedResult()?.picks
        }
    }

    /// Everything that recomputes a published draw.
    struct Opening: Codable, Sendable {
        var drawId: DrawID
        var algorithm: String
        /// Exact bytes, base64.
        var inputs: String
        var inputsHash: String
        var secret: String
        var seedCommitment: String
        var checkpointSize: Int
        var checkpointRoot: String
        /// Exact bytes, base64.
        var result: String
        var resultHash: String
    }

    private struct Created: Codable, Sendable { var drawId: DrawID }
    private struct Planned: Codable, Sendable { var patrolId: PatrolID }
    private struct RecusalBody: Codable, Sendable {
        var schoolId: SchoolID
        var reason: String
        /// True ends the recusal.
        var ended: Bool?
    }

    func declare(_ routes: Routes) {
        routes.get("/draws", .read(.seePatrolPlan)) { request, context in
            try await answering {
                let organ = try await desk.ownOrgan(try context.caller())
                let page = try PageRequest(request)
                let draws = try await desk.pool.draws(of: organ.organId, limit: page.size, offset: page.offset)
                let total = try await desk.pool.drawCount(of: organ.organId)
                return try Response.json(PageOf(try draws.map(Summary.init), of: page, total: total))
            }
        }
        routes.post("/draws", .action(.runPatrol)) { request, context in
            try await commands.json(request, context, DrawOrder.self) { desk, caller, order in
                try Response.json(Created(drawId: try await desk.announceDraw(order, by: caller)), status: .created)
            }
        }
        routes.get("/draws/{draw}", .read(.seePatrolPlan)) { _, context in
            try await answering {
                try Response.json(
                    try Summary(try await desk.readDraw(try context.id("draw"), for: try context.caller())))
            }
        }
        routes.post("/draws/{draw}/draw", .action(.runPatrol)) { request, context in
            let id: DrawID = try context.id("draw")
            return try await commands.bare(request, context) { desk, caller in
                try await desk.holdDraw(id, by: caller)
                return Response.noContent()
            }
        }
        routes.post("/draws/{draw}/patrol", .action(.runPatrol)) { request, context in
            let id: DrawID = try context.id("draw")
            return try await commands.bare(request, context) { desk, caller in
                try Response.json(Planned(patrolId: try await desk.planPatrol(of: id, by: caller)), status: .created)
            }
        }
        routes.post("/draws/{draw}/publish", .action(.runPatrol)) { request, context in
            let id: DrawID = try context.id("draw")
            return try await commands.bare(request, context) { desk, caller in
                try await desk.publishDraw(id, by: caller)
                return Response.noContent()
            }
        }
        routes.get("/draws/{draw}/opening", .public) { _, context in
            try await answering { try Response.json(try await opening(try context.id("draw"))) }
        }
        routes.post("/recusals", .action(.runPatrol)) { request, context in
            try await commands.json(request, context, RecusalBody.self) { desk, caller, body in
                try await desk.recuse(
                    from: body.schoolId, reason: body.reason, ended: body.ended ?? false, by: caller)
                return Response.noContent()
            }
        }
    }

    private func opening(_ id: DrawID) async throws -> Opening {
        guard let record = try await desk.pool.draw(id), record.state == .published, let result = record.result,
            let resultHash = record.resultHash, let size = record.checkpointSize, let root = record.checkpointRoot
        else { throw PatrolDesk.noDraw }
        return Opening(
            drawId: id, algorithm: DrawInputs.format, inputs: Data(record.inputs).base64EncodedString(),
            inputsHash: record.inputsHash, secret: record.secret, seedCommitment: record.seedCommitment,
            checkpointSize: size, checkpointRoot: root, result: Data(result).base64EncodedString(),
            resultHash: resultHash)
    }
}
