import Access
import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import ParentAccessService

extension WithDatabase {
    /// Every declared route refuses nobody, the wrong role and the wrong scope, except the few that are open by
    /// purpose.
    @Suite struct DefaultDenyTests {
        /// Doors for people who have no session yet, and what every service shows.
        static let open: Set<String> = [
            "/parent/invitation/{token}", "/parent/invitation/{token}/code", "/parent/v1/invitations/code",
            "/parent/login", "/parent/logout", "/parent/v1/invitations/accept",
            "/parent/v1/login",
            "/parent/v1/logout", "/parent/manifest.webmanifest", "/parent/sw.js", "/parent/offline",
        ]

        @Test func everyRouteRefusesNobodyAndTheWrongRole() async throws {
            try await Story.run { story in
                let mine = story.client.routes.filter {
                    $0.path.hasPrefix("/parent") || $0.path.hasPrefix("/video") || $0.path.hasPrefix("/internal")
                }
                #expect(mine.count > 35)
                for route in mine where route.rule == .public {
                    #expect(
                        Self.open.contains(route.path) || route.path.hasPrefix("/parent/assets")
                            || route.path.hasPrefix("/parent/log/")
                            || route.path.hasPrefix("/parent/openapi"), "\(route.path) is public")
                }
                for route in mine where route.rule != .public && route.rule != .internal {
                    let path = route.path(with: "x")
                    let nobody = try await story.client.send(route.method, path)
                    #expect(nobody.status == .unauthorized, "\(route.method) \(path) for nobody: \(nobody.status)")
                    guard route.rule != .signedIn else { continue }
                    for person in [
                        TestPersons.station, TestPersons.education, TestPersons.safetyLead, TestPersons.caterer,
                        TestPersons.auditor,
                    ] {
                        let answer = try await story.client.send(route.method, path, as: person)
                        #expect(
                            answer.status == .forbidden, "\(route.method) \(path) for \(person.role): \(answer.status)")
                    }
                }
            }
        }

        @Test func noSignedTokenIsARepresentativesSession() async throws {
            try await Story.run { story in
                for path in ["/parent/", "/parent/v1/me", "/parent/v1/me/data", "/parent/views", "/parent/account"] {
                    let answer = try await story.client.get(path, as: TestPersons.parent)
                    #expect(answer.status == .unauthorized, "\(path)")
                }
            }
        }

        @Test func unsafeRequestsOfABrowserNeedTheFormsToken() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let answer = try await story.client.send(
                    .delete, "/parent/v1/me", headers: [.cookie: "\(CookieName.parent)=\(cookie)"])
                #expect(answer.status == .forbidden && answer.problemCode == "csrf")
            }
        }
    }
}
