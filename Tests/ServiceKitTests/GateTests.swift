import Access
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

/// Authentication, access rule and CSRF, as a caller meets them.
@Suite struct GateTests {
    @Test func everyDeclaredRouteRefusesNobodyAndTheWrongRole() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            #expect(client.routes.count > 10)
            for route in client.routes where route.rule != .public && route.rule != .internal {
                let path = route.path()
                let nobody = try await client.send(route.method, path)
                #expect(nobody.status == .unauthorized, "\(route)")
                #expect(nobody.problemCode == "not_signed_in")
                guard case .action = route.rule else { continue }
                let stranger = try await client.send(route.method, path, as: TestPersons.platformOperator)
                #expect(stranger.status == .forbidden, "\(route)")
            }
        }
    }

    /// Art 11: what the registry wrote into the token holds in every service.
    @Test(arguments: [nil, TrainingShortfall.warned, .blocked])
    func missingTrainingWarnsOrLeavesReading(shortfall: TrainingShortfall?) async throws {
        try await ServiceTest<SampleService>.run { _, client in
            var officer = TestPersons.station
            officer.training = shortfall
            let person = officer
            let note = try await client.post("/sample/api/notes", as: person, json: ["note_text": "x"])
            #expect(note.status == (shortfall == .blocked ? .forbidden : .created))
            if shortfall == .blocked { #expect(note.problemCode == "training_required") }
            let record = try await client.get("/sample/canteens/own", as: person)
            #expect(record.status == .ok)
            let page = try await client.page("/sample/", as: person)
            #expect(page.text.contains("/registry/training/mine") == (shortfall != nil))
            #expect(page.text.contains("登记之前只能查看") == (shortfall == .blocked))
        }
    }

    @Test func anotherAreasRecordLooksAsIfItDidNotExist() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let own = try await client.get("/sample/canteens/own", as: TestPersons.station)
            #expect(own.status == .ok)
            let foreign = try await client.get("/sample/canteens/foreign", as: TestPersons.station)
            let missing = try await client.get("/sample/canteens/none/", as: TestPersons.station)
            #expect(foreign.status == .notFound)
            #expect(foreign.problemCode == missing.problemCode)
            let garbage = try await client.get("/sample/canteens/%00", as: TestPersons.station)
            #expect(garbage.status == .notFound)
        }
    }

    @Test func browsersAreSentToTheLoginOrToRenewal() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let first = try await client.page("/sample/board?week=2026-W48")
            #expect(first.status == .seeOther)
            #expect(first.headers[.location] == "/registry/login?return=%2Fsample%2Fboard%3Fweek%3D2026-W48")
            let known = try await client.page("/sample/board", cookies: [CookieName.sessionHint: "1"])
            #expect(known.headers[.location] == "/registry/session/renew?return=%2Fsample%2Fboard")
            let parent = try await client.page("/sample/family")
            #expect(parent.headers[.location] == "/parent/login?return=%2Fsample%2Ffamily")
            let staff = try await client.page("/sample/family", as: TestPersons.station)
            #expect(staff.status == .forbidden)
            let program = try await client.get("/sample/board")
            #expect(program.status == .unauthorized)
        }
    }

    @Test func formsNeedTheTokenOfTheCookie() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let good = try await client.submit(
                "/sample/notes", as: TestPersons.station, [("text", "锅具已清洗"), ("count", "3")])
            #expect(good.status == .seeOther)
            let token = try await client.tokens.token(TestPersons.station, now: client.clock.now())
            let body = Array("text=a&count=3&_csrf=\(String(repeating: "d", count: 43))".utf8)
            for cookies in ["bk_token=\(token)", "bk_token=\(token); bk_csrf=\(ServiceClient.csrf)"] {
                let forged = try await client.send(
                    .post, "/sample/notes",
                    headers: [.cookie: cookies, .contentType: "application/x-www-form-urlencoded"], body: body)
                #expect(forged.status == .forbidden)
                #expect(forged.problemCode == "csrf")
            }
            let crossSite = try await client.send(
                .post, "/sample/api/notes",
                headers: [
                    .cookie: "bk_token=\(token); bk_csrf=\(ServiceClient.csrf)", .csrfToken: ServiceClient.csrf,
                    .contentType: "application/json", .named("Sec-Fetch-Site"): "cross-site",
                ], body: Array("{\"note_text\":\"x\"}".utf8))
            #expect(crossSite.problemCode == "csrf")
            let script = try await client.send(
                .post, "/sample/api/notes",
                headers: [
                    .cookie: "bk_token=\(token); bk_csrf=\(ServiceClient.csrf)", .csrfToken: ServiceClient.csrf,
                    .contentType: "application/json",
                ], body: Array("{\"note_text\":\"x\"}".utf8))
            #expect(script.status == .created)
        }
    }

    @Test func keysThatCannotBeFetchedAreOurFaultNotTheCallers() async throws {
        let verifier = TokenVerifier(source: NoKeys())
        let tokens = try await TestTokens()
        let token = try await tokens.token(TestPersons.station, now: ServiceTest<SampleService>.monday)
        await #expect(throws: TokenError.keysUnavailable) { try await verifier.verify(token) }
    }

    private struct NoKeys: JWKSSource {
        func fetchJWKS() async throws -> [UInt8] { throw TokenError.keysUnavailable }
    }
}
