import Contracts
import Hummingbird
import ServiceKit

/// A member of staff's own data, and its erasure after the appointment ended.
struct StaffDataRoutes: Sendable {
    let data: StaffData

    func declare(_ routes: Routes) {
        routes.get("/v1/me/data", .signedIn, options: .viewed, use: copy)
        routes.post("/v1/persons/{id}/erasure", .action(.manageAccounts), use: erase)
    }

    @Sendable private func copy(_ request: Request, _ context: BrightContext) async throws -> Response {
        guard let copy = try await data.copy(of: try context.requirePrincipal().personId) else {
            throw Problem.notFound
        }
        return try Response.json(copy)
    }

    @Sendable private func erase(_ request: Request, _ context: BrightContext) async throws -> Response {
        let person = try context.id("id", as: PersonID.self)
        switch try await data.erase(person, now: context.now, context.eventContext()) {
        case .erased: return .noContent()
        case .unknown: throw Problem.notFound
        case .inOffice:
            throw Problem.conflict(
                code: "in_office", zh: "任职期间不能清除个人信息；请先结束任职。",
                en: "Personal data are not erased while the appointment lasts. End the appointment first.")
        }
    }
}
