import Access
import Calendar
import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import PersonalData
import Postgres

/// Writes the trail: one row before the work begins, its status after. A row that cannot be written refuses the request.
struct AuditTrail: Sendable {
    let pool: PostgresPool
    let keys: PersonalDataKeys

    /// Views of these are in the trail, too: video, evidence, personal data, and the trail itself.
    static let viewedActions: Set<Action> = [
        .liveView, .playback, .manageParents, .manageTraining, .manageAccounts, .grantRoles, .readAudit,
    ]
    /// Path parameters that are good for something by themselves.
    private static let secretParameters: Set<String> = ["{token}", "{ticket}", "{code}", "{secret}"]

    static func isAudited(_ route: DeclaredRoute, _ options: RouteOptions, signedIn: Bool) -> Bool {
        switch options.audit {
        case .always: return true
        case .never: return false
        case .byRule: break
        }
        if RequestGate.isUnsafe(route.method) {
            // A caller that nobody knows is stopped before anything happens, except at public doors.
            return route.rule != .internal && (signedIn || route.rule == .public)
        }
        switch route.rule {
        case .action(let action), .read(let action): return signedIn && viewedActions.contains(action)
        default: return false
        }
    }

    /// The id of the row; nil for a route that is not audited.
    func begin(
        _ route: DeclaredRoute, _ options: RouteOptions, _ request: Request, _ context: BrightContext
    ) async throws -> String? {
        guard Self.isAudited(route, options, signedIn: context.principal != nil) else { return nil }
        let id = UUIDv7.string()
        let address = request.forwardedAddress.map(addressKey(of:))
        let purpose = try Self.purpose(request)
        do {
            try await pool.execute(
                """
                INSERT INTO audit_request
                    (id, occurred_at, actor, role, action, method, route, path, address_key, purpose, correlation_id)
                VALUES (\(id), \(context.now), \(Self.actor(context)), \(context.principal?.role.rawValue),
                        \(route.rule.auditName), \(route.method.rawValue), \(route.path),
                        \(Self.path(route, request)), \(address), \(purpose),
                        \(context.correlationId))
                """)
        } catch {
            throw unavailable(error, context)
        }
        return id
    }

    func finish(_ id: String, status: HTTPResponse.Status, _ context: BrightContext) async throws {
        do {
            try await pool.execute(
                "UPDATE audit_request SET status = \(status.code) WHERE id = \(id) AND status IS NULL")
        } catch {
            throw unavailable(error, context)
        }
    }

    func addressKey(of address: String) -> String {
        Data(keys.lookupHash(address, domain: "client-address").prefix(16)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    private func unavailable(_ error: any Error, _ context: BrightContext) -> Problem {
        context.logger.error("the audit trail cannot be written", metadata: ["error": "\(String(reflecting: error))"])
        return .unavailable(code: "audit_unavailable")
    }

    private static func actor(_ context: BrightContext) -> String {
        guard let principal = context.principal else { return "anonymous" }
        return (principal.role == .parentRepresentative ? "representative:" : "person:") + principal.personId.rawValue
    }

    private static func purpose(_ request: Request) throws -> String? {
        try request.query("reason").flatMap { WellFormed.isIdentifier($0) ? $0 : nil }
    }

    /// As it was asked for, without what opens a door. At most 300 bytes, percent-encoded as on the wire.
    private static func path(_ route: DeclaredRoute, _ request: Request) -> String {
        let pattern = route.path.split(separator: "/", omittingEmptySubsequences: false)
        let segments = request.uri.path.split(separator: "/", omittingEmptySubsequences: false)
        let shown = segments.enumerated().map { index, segment in
            index < pattern.count && secretParameters.contains(String(pattern[index])) ? "-" : String(segment)
        }
        let text = shown.joined(separator: "/").unicodeScalars.map { $0.value < 0x20 ? "?" : String($0) }.joined()
        return String(text.prefix(300))
    }
}

extension AccessRule {
    /// As the trail names it.
    var auditName: String {
        switch self {
        case .public: "public"
        case .signedIn: "signed_in"
        case .representative: "representative"
        case .internal: "internal"
        case .action(let action), .read(let action): action.rawValue
        }
    }
}
