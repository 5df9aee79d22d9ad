import Access
import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

@Suite(.timeLimit(.minutes(3))) struct DefaultDenyTests {
    @Test func everyRouteRefusesStrangersAndRolesWithoutTheRight() async throws {
        try await ServiceTest<NotificationService>.run { _, client in
            let routes = client.routes.filter { $0.path.hasPrefix("/notification") && !$0.path.contains("/assets/") }
            #expect(routes.count >= 14)
            // Proven by a signature instead of a sign-in; their own tests say how.
            let signed = routes.filter { $0.path.hasPrefix("/notification/delivery-reports/") }
            #expect(signed.count == 2)
            for route in routes where !signed.contains(where: { $0.path == route.path }) {
                #expect(route.rule != .public, "\(route.path)")
                let path = route.path(with: "nothing")
                #expect(try await client.send(route.method, path).status == .unauthorized, "\(route.path)")
                for person in TestPersons.everyRole where !Self.mayEnter(person, route.rule) {
                    let answer = try await client.send(route.method, path, as: person)
                    #expect(answer.status == .forbidden, "\(route.path) as \(person.role)")
                }
            }
        }
    }

    /// From the matrix, not from the routes: who has an inbox, who reads bulletins, who manages webhooks.
    private static func mayEnter(_ person: Principal, _ rule: AccessRule) -> Bool {
        switch rule {
        case .action(let action): AccessPolicy().decide(person, action) == .allowed
        case .read(let action): AccessPolicy().decide(person, action, intent: .read) == .allowed
        default: true
        }
    }

    @Test func parentsAndAdministratorsHaveNoInbox() async throws {
        try await ServiceTest<NotificationService>.run { _, client in
            for person in [TestPersons.parent, TestPersons.systemAdmin, TestPersons.securityAdmin, TestPersons.auditor]
            {
                let answer = try await client.get("/notification/inbox", as: person)
                #expect(answer.status == .forbidden)
            }
            for person in [TestPersons.principal, TestPersons.parent, TestPersons.station] {
                let answer = try await client.get("/notification/webhooks", as: person)
                #expect(answer.status == .forbidden)
            }
        }
    }

    @Test func theOpenAPIDocumentNamesEveryRoute() async throws {
        try await ServiceTest<NotificationService>.run { _, client in
            let document = try await client.get("/openapi.yaml").text
            for route in client.routes where route.path.hasPrefix("/notification/") && !route.path.contains("/assets/")
            {
                guard let range = document.range(of: "\n  \(route.path):\n") else {
                    Issue.record("\(route.path) is not in the document")
                    continue
                }
                let end = document[range.upperBound...].range(of: "\n  /")?.lowerBound ?? document.endIndex
                let method = route.method.rawValue.lowercased()
                #expect(document[range.lowerBound..<end].contains("\n    \(method):\n"), "\(method) \(route.path)")
            }
        }
    }
}
