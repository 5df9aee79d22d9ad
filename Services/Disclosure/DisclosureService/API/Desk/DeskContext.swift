import Access
import Contracts
import Postgres
import ServiceKit

/// Who is at the desk, and what a person may do to a canteen's items.
extension BrightContext {
    func actor() throws -> ItemDesk.Actor {
        ItemDesk.Actor(principal: try requirePrincipal(), context: try eventContext(), now: now)
    }

    /// The canteen, or 404 where it is another's; 403 where the role never may.
    func canteen(
        _ id: CanteenID, for action: Action, intent: Intent = .perform, _ database: some PostgresExecutor
    ) async throws -> CanteenRecord {
        guard may(action, intent: intent) else {
            _ = try requirePrincipal()
            throw Problem.forbidden
        }
        guard let canteen = try await CanteenRecord.find(id, database) else { throw Problem.notFound }
        try authorise(action, on: canteen.resource, intent: intent)
        return canteen
    }

    /// As what this person looks at the canteen's items.
    func audience(of canteen: CanteenRecord) -> Audience {
        guard let principal else { return .everyone }
        if principal.role == .parentRepresentative {
            return principal.schoolId == canteen.schoolId ? .parent : .everyone
        }
        if may(.publishInspection, on: canteen.resource, intent: .read) { return .regulator }
        if may(.draftSchoolItems, on: canteen.resource) { return .school }
        return .everyone
    }

    /// Everybody who works with the canteen's items, or audits it, may see its files.
    func mayHandleFiles(of canteen: CanteenRecord) -> Bool {
        let audience = audience(of: canteen)
        return audience == .school || audience == .regulator
    }

    /// To send a file one must be able to enter an item.
    func maySendFiles(for canteen: CanteenRecord) -> Bool {
        may(.draftSchoolItems, on: canteen.resource) || may(.publishInspection, on: canteen.resource)
            || may(.publishLicenceAndRating, on: canteen.resource)
    }
}
