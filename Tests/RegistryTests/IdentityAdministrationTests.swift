import Access
import Calendar
import Contracts
import Crypto
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

/// Roles by two persons, programs, and the technical state of accounts.
struct IdentityAdministrationTests {
    private struct Proposed: Decodable {
        let approvalId: String
        let contentSha256: String
    }

    private func approve(_ client: ServiceClient, _ proposed: Proposed, as login: String) async throws -> TestResponse {
        try await client.post(
            "/registry/v1/approvals/\(proposed.approvalId)/decision",
            as: try await SignInBench.principal(login, client),
            json: ["decision": "approve", "content_sha256": proposed.contentSha256])
    }

    private func propose(
        _ client: ServiceClient, _ login: String, _ role: String, place: String? = nil, by: String = "sec.one"
    ) async throws -> TestResponse {
        var body = ["role": role, "valid_from": "2026-11-23", "reason": "调岗"]
        body["place"] = place
        let person = try await SignInBench.person(login, client)
        return try await client.post(
            "/registry/v1/accounts/\(person)/role-proposals", as: try await SignInBench.principal(by, client),
            json: body)
    }

    @Test func aRoleTakesASecondAdministratorAndEndsTheOldRights() async throws {
        try await SignInBench.withOfficers { client in
            let jar = SignInBench.cookies(try await SignInBench.signIn(client))
            let answer = try await propose(client, "heshan.one", "county_regulator", place: "开平市市场监督管理局")
            #expect(answer.status == .created)
            let proposed = try answer.json(Proposed.self)
            #expect(try await approve(client, proposed, as: "sec.one").problemCode == "same_person")
            #expect(try await approve(client, proposed, as: "sys.one").status == .forbidden)
            #expect(try await SignInBench.principal("heshan.one", client).divisionCode == "440784")
            #expect(try await approve(client, proposed, as: "sec.two").status == .ok)
            #expect(try await SignInBench.principal("heshan.one", client).divisionCode == "440783")
            let renewed = try await client.send(
                .post, "/registry/session/renew", headers: [.cookie: "bk_session=\(jar["bk_session"] ?? "")"])
            #expect(renewed.status == .unauthorized)
            let log = try await RegistryTest.eventCounts(client)
            #expect(log["brightkitchen.registry.staff.dismissed.v1"] == 1)
            #expect(log["brightkitchen.registry.approval.approved.v1"] == 1)
        }
    }

    /// Scenario 21.
    @Test(arguments: [
        ("audit.one", "security_admin"), ("sec.one", "auditor"), ("sys.one", "county_regulator"),
        ("heshan.one", "system_admin"),
    ])
    func twoOfTheThreeAreRefused(_ login: String, _ role: String) async throws {
        try await SignInBench.withOfficers { client in
            let place = role == "county_regulator" ? "开平市市场监督管理局" : nil
            let answer = try await propose(client, login, role, place: place, by: "sec.two")
            #expect(answer.status == .conflict && answer.problemCode == "separated_duties")
            #expect(
                try await client.get(
                    "/registry/v1/approvals", as: try await SignInBench.principal("sec.one", client)
                ).text.contains("\"total\":0"))
        }
    }

    @Test func badProposalsNameTheField() async throws {
        try await SignInBench.withOfficers { client in
            let unknown = try await propose(client, "heshan.one", "county_regulator", place: "不存在的局")
            #expect(unknown.problemCode == "organ_unknown")
            #expect(try await propose(client, "heshan.one", "emperor").status == .unprocessableContent)
            let stranger = try await client.post(
                "/registry/v1/accounts/nobody/role-proposals",
                as: try await SignInBench.principal("sec.one", client),
                json: ["role": "auditor", "valid_from": "2026-11-23", "reason": "x"])
            #expect(stranger.status == .notFound)
        }
    }

    @Test func dismissalAndLockWorkAtOnce() async throws {
        try await SignInBench.withOfficers { client in
            let security = try await SignInBench.principal("sec.one", client)
            let system = try await SignInBench.principal("sys.one", client)
            let officer = try await SignInBench.person("heshan.one", client)
            let bureau = try await SignInBench.person("city.edu", client)
            let ended = try await client.submit("/registry/roles/\(officer)/end", as: security, [("reason", "离任")])
            #expect(ended.status == .seeOther)
            let locked = try await client.submit("/registry/accounts/\(bureau)/lock", as: system, [("reason", "核查")])
            #expect(locked.status == .seeOther)
            for login in ["heshan.one", "city.edu"] {
                #expect(try await SignInBench.signIn(client, login: login).status == .unauthorized)
            }
            let revoked = try await RevocationStore.current(client.pool)
            #expect(Set(revoked.issuedUntil.keys) == [officer.rawValue, bureau.rawValue])
            _ = try await client.submit("/registry/accounts/\(bureau)/unlock", as: system, [])
            client.clock.advance(by: .seconds(60))
            #expect(try await SignInBench.signIn(client, login: "city.edu").status == .seeOther)
            // A system administrator cannot reset the second factor, a security administrator not the password.
            let paths = [
                "/registry/roles/\(bureau)/second-factor/reset": system,
                "/registry/accounts/\(bureau)/password": security,
            ]
            for (path, person) in paths {
                #expect(try await client.submit(path, as: person, []).status == .forbidden)
            }
        }
    }

    @Test func aResetPasswordMustBeReplaced() async throws {
        try await SignInBench.withOfficers { client in
            let bureau = try await SignInBench.person("city.edu", client)
            let page = try await client.submit(
                "/registry/accounts/\(bureau)/password", as: try await SignInBench.principal("sys.one", client), [])
            let password = String(try #require(page.text.firstMatch(of: /<code class="mono">([^<]{16})<\/code>/)).1)
            let answer = try await SignInBench.signIn(client, login: "city.edu", password: password)
            #expect(answer.headers[.location] == "/registry/login/password")
        }
    }

    @Test func thePagesSpeakBothLanguages() async throws {
        try await SignInBench.withOfficers { client in
            let officer = try await SignInBench.person("heshan.one", client)
            let pages = [
                ("sec.one", "/registry/roles"), ("sec.one", "/registry/roles/\(officer)"),
                ("sec.one", "/registry/account"),
                ("sec.one", "/registry/api-clients"), ("sec.one", "/registry/approvals"),
                ("audit.one", "/registry/roles"),
                ("sys.one", "/registry/accounts/\(officer)"),
            ]
            for (login, path) in pages {
                for language in ["zh-CN", "en"] {
                    let page = try await client.page(
                        path, as: try await SignInBench.principal(login, client), language: language)
                    #expect(page.status == .ok && !page.text.contains("⟦"), "\(path) \(language)")
                    #expect(!page.text.contains(" style=") && !page.text.contains(" onclick"), "\(path)")
                }
            }
            let auditor = try await client.page(
                "/registry/roles/\(officer)", as: try await SignInBench.principal("audit.one", client))
            #expect(auditor.status == .ok && !auditor.text.contains("/proposals"))
        }
    }

    @Test func anAppointmentThatEndsByDateIsAnnouncedOnce() async throws {
        try await SignInBench.withOfficers { client in
            let sweep = DailySweep(
                pool: client.pool, clock: client.clock,
                filings: FilingList(pool: client.pool, rule: try AccessRule.builtIn()), logger: .quiet("sweep"))
            func dismissed() async throws -> Int {
                try await sweep.sweep()
                return try await RegistryTest.eventCounts(client)["brightkitchen.registry.staff.dismissed.v1"] ?? 0
            }
            #expect(try await dismissed() == 0)
            // heshan.one ends on 2026-12-31: still in office that evening, announced after midnight, once.
            let newYear = LocalDate(client.clock.now()).adding(days: 39).start
            client.clock.set(newYear - .seconds(60))
            #expect(try await dismissed() == 0)
            client.clock.set(newYear)
            #expect(try await dismissed() == 1)
            #expect(try await dismissed() == 1)
            let bureau = try await SignInBench.person("city.edu", client)
            let security = try await SignInBench.principal("sec.one", client)
            _ = try await client.submit("/registry/roles/\(bureau)/end", as: security, [("reason", "离任")])
            client.clock.advance(by: .seconds(86_400))
            #expect(try await dismissed() == 2)
        }
    }
}
