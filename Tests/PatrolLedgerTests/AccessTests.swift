import Access
import Contracts
import HTTPTypes
import Journal
import ServiceKit
import TestSupport
import Testing

@testable import PatrolLedgerService

/// Default deny: every declared route refuses no token, a wrong role and a wrong scope.
struct AccessTests {
    @Test func everyRouteRefusesStrangersAndWrongRoles() async throws {
        try await PatrolWorld.run { world in
            let own = world.client.routes.filter { $0.path.hasPrefix("/patrol") && $0.rule != .public }
            #expect(own.count > 35)
            for route in own {
                let path = route.path(filling: ["zone": "Z3"])
                let headers: HTTPFields = [.contentType: "application/json"]
                let anonymous = try await world.client.send(route.method, path, headers: headers)
                #expect(anonymous.status == .unauthorized, "\(route.method) \(route.path)")
                for person in TestPersons.everyRole where !Self.mayTry(person, route.rule) {
                    let answer = try await world.client.send(route.method, path, as: person, headers: headers)
                    #expect(answer.status == .forbidden, "\(person.role) \(route.method) \(route.path)")
                }
            }
        }
    }

    /// Records of another area do not exist: every route that names one answers 404 (or refuses the input before).
    @Test func otherAreasRecordsDoNotExist() async throws {
        try await PatrolWorld.run(environment: ["ALERT_VENDORS": "simulator=440703"]) { world in
            let person = TestPersons.station
            let smoking = InboundRecord(
                key: nil,
                value: Array(
                    #"{"version":1,"vendor":"simulator","product_version":"1","alerts":[{"id":"1","gb_id":"\#(PatrolWorld.gbId(1))","at":"\#(world.client.clock.now().rfc3339)","code":"SMOKING"}]}"#
                        .utf8))
            try await world.service.alerts.take([smoking])
            let alert = try await world.client.pool.first("SELECT alert_id FROM device_alert") {
                try $0["alert_id"] as String
            }
            let patrol = try await world.open([1, 2], as: person)
            let violation = ItemFinding(code: "Z3-07", result: .violation, note: "x", noEvidenceReason: "y")
            try await world.visit(1, in: patrol, as: person, [violation])
            try await world.visit(2, in: patrol, as: person)
            let closed = try await world.service.desk.close(patrol, by: world.caller(person))
            let running = try await world.open([1], as: person)
            let problem = try #require(closed.problemIds.first)
            let names = [
                "patrol": running.rawValue, "canteen": world.canteenId(1).rawValue, "zone": "Z3",
                "problem": problem.rawValue,
                "number": closed.ledgerNumber, "evidence": "none", "warning": "none", "draw": "none",
                "alert": try #require(alert),
            ]
            struct Anything: Encodable {
                var cameraId = "camera-1-Z3", kind = "still", reason = "r", canteenIds = ["canteen-101"]
                var canteenId = "canteen-1", zone = "Z3", from = "2026-11-23T08:00:00+08:00",
                    to = "2026-11-23T08:01:00+08:00"
                var findings: [String] = []
                var severity = 2, until = "2026-12-01", problemId = "none", verdict = "admissible",
                    outcome = "confirmed"
            }
            let api = world.client.routes.filter { route in
                route.path.hasPrefix("/patrol/api/v1/") && route.path.contains("{") && route.method != .put
            }
            for route in api {
                for stranger in [TestPersons.otherStation, TestPersons.otherCounty, TestPersons.otherPrincipal]
                where Self.mayTry(stranger, route.rule) {
                    let path = route.path(filling: names)
                    let answer =
                        route.method == .get
                        ? try await world.client.get(path, as: stranger)
                        : try await world.client.post(path, as: stranger, json: Anything())
                    let isUpload = route.path.hasSuffix("photographs")
                    #expect(
                        answer.status == (isUpload ? .unsupportedMediaType : .notFound),
                        "\(stranger.role) \(route.method) \(route.path) \(answer.status) \(answer.text)")
                }
            }
        }
    }

    @Test func schoolsAndParentsNeverSeePlans() async throws {
        try await PatrolWorld.run { world in
            let patrol = try await world.open([1], as: TestPersons.station)
            for person in [
                TestPersons.principal, TestPersons.safetyLead, TestPersons.platformOperator, TestPersons.parent,
                TestPersons.education,
            ] {
                for path in [
                    "/patrol/", "/patrol/patrols/\(patrol)", "/patrol/api/v1/week", "/patrol/api/v1/suggestions",
                ] {
                    #expect(try await world.client.get(path, as: person).status == .forbidden, "\(person.role) \(path)")
                }
            }
            // Nothing about it is on a topic.
            let published = try await world.client.pool.query("SELECT type FROM journal WHERE topic IS NOT NULL") {
                try $0["type"] as String
            }
            #expect(published.isEmpty)
            #expect(try await world.client.get("/patrol/patrols/\(patrol)", as: TestPersons.county).status == .notFound)
            #expect(try await world.client.get("/patrol/patrols/\(patrol)", as: TestPersons.city).status == .ok)
        }
    }

    @Test func everyRouteIsDescribed() async throws {
        try await PatrolWorld.run(canteens: 0) { world in
            let document = try await world.client.get("/openapi.yaml").text
            for route in world.client.routes where route.path.hasPrefix("/patrol") && route.rule != .public {
                let path = route.path == "/patrol" ? "/patrol/" : route.path
                #expect(document.contains("\n  \(path):\n"), "\(route.method) \(route.path)")
            }
        }
    }

    private static func mayTry(_ person: Principal, _ rule: AccessRule) -> Bool {
        switch rule {
        case .public, .internal, .signedIn: true
        case .representative: person.role == .parentRepresentative
        case .action(let action): AccessPolicy().decide(person, action) == .allowed
        case .read(let action): AccessPolicy().decide(person, action, intent: .read) == .allowed
        }
    }
}
