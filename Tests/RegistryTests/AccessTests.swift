import Access
import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

/// Nobody without a token, with a wrong role or from another area gets anything.
struct AccessTests {
    /// Routes that anybody may call, each for a reason: signing in, and public keys.
    private static let open: Set<String> = [
        "GET /health/live", "GET /health/ready", "GET /metrics", "GET /openapi.yaml", "GET /registry/assets/{name}",
        "GET /log/checkpoint", "GET /log/consistency", "GET /log/tile/**",
        "GET /registry/login", "POST /registry/login",
        "POST /registry/logout", "GET /registry/session/renew",
        "POST /registry/session/renew", "POST /registry/v1/tokens", "GET /registry/jwks.json",
        "GET /internal/revocations", "GET /registry/login/code", "POST /registry/login/code",
        "GET /registry/login/enrol", "POST /registry/login/enrol", "POST /registry/login/continue",
        "GET /registry/login/password", "POST /registry/login/password", "POST /registry/login/passkey/options",
        "POST /registry/login/passkey", "POST /registry/oauth/token",
    ]

    @Test func everyOtherRouteRefusesWhoIsNotSignedIn() async throws {
        try await RegistryTest.run { client in
            let guarded = client.routes.filter { !Self.open.contains("\($0.method) \($0.path)") }
            #expect(guarded.count >= 16)
            #expect(client.routes.count == guarded.count + Self.open.count)
            for route in guarded {
                let answer = try await client.send(route.method, route.path())
                #expect(answer.status == .unauthorized, "\(route.method) \(route.path)")
            }
        }
    }

    @Test func everyActionRouteRefusesRolesWithoutIt() async throws {
        try await RegistryTest.run { client in
            let policy = AccessPolicy()
            let persons = [
                TestPersons.city, TestPersons.county, TestPersons.station, TestPersons.education, TestPersons.hr,
                TestPersons.principal, TestPersons.safetyLead, TestPersons.platformOperator, TestPersons.caterer,
            ]
            var refusals = 0
            for route in client.routes {
                let needed: (action: Action, intent: Intent)
                switch route.rule {
                case .action(let action): needed = (action, .perform)
                case .read(let action): needed = (action, .read)
                default: continue
                }
                for person in persons
                where policy.decide(person, needed.action, intent: needed.intent) != .allowed {
                    let answer = try await client.send(route.method, route.path(), as: person)
                    #expect(answer.status == .forbidden, "\(route.method) \(route.path) \(person.role)")
                    refusals += 1
                }
            }
            #expect(refusals > 30)
        }
    }

    @Test func otherAreasLookLikeNothing() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let canteen = try await RegistryTest.canteen(licence: "JY34407840001018", client)
            let camera = try await RegistryTest.camera(gbId: "44078400111327000001", client)
            let stranger = try await RegistryTest.officer(.countyRegulator, "开平市市场监督管理局", client)
            let end = ["state": "revoked", "decided_on": "2026-11-20"]
            for path in [
                "/registry/canteens/\(canteen.id)", "/registry/v1/canteens/\(canteen.id)",
                "/registry/cameras/\(camera.id)",
                "/registry/cameras/\(camera.id)/first-frame.jpg", "/registry/v1/cameras/\(camera.id)",
            ] {
                #expect(try await client.get(path, as: stranger).status == .notFound, "\(path)")
            }
            let revoke = try await client.post(
                "/registry/v1/canteens/\(canteen.id)/licence/revoke", as: stranger, json: end)
            #expect(revoke.status == .notFound)
            let frame = try await client.post(
                "/registry/v1/cameras/\(camera.id)/first-frame", as: stranger, json: ["decision": "confirm"])
            #expect(frame.status == .notFound)
        }
    }

    /// The SQL of lists and the decision about single records must agree for every role and every canteen.
    @Test func listsShowExactlyWhatMayBeOpened() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let school = try await RegistryTest.canteen(licence: "JY34407840001018", client).institution.id
            let caterer = try await RegistryTest.canteen(licence: "JY24407030009004", client).institution.id
            let persons = [
                try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", client),
                try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", client),
                try await RegistryTest.officer(.stationOfficer, "鹤山市市场监督管理局沙坪监管所", client),
                try await RegistryTest.officer(.educationOfficer, "鹤山市教育局", client),
                try await RegistryTest.officer(.educationOfficer, "江门市教育局", client),
                try await RegistryTest.officer(.hrOfficer, "鹤山市人力资源和社会保障局", client),
                Principal(personId: .new(), role: .principal, schoolId: school),
                Principal(personId: .new(), role: .caterer, schoolId: caterer),
                Principal(personId: .new(), role: .auditor), Principal(personId: .new(), role: .systemAdmin),
                Principal(personId: .new(), role: .securityAdmin),
            ]
            let list = CanteenList(pool: client.pool)
            let everything = try await list.page(
                CanteenList.Filter(), for: persons[8], PageRequest(number: 1, size: 200))
            #expect(everything.total == 39)
            var sizes: [Int] = []
            for person in persons {
                let shown = try await list.page(CanteenList.Filter(), for: person, PageRequest(number: 1, size: 200))
                sizes.append(shown.total)
                let ids = Set(shown.items.map(\.canteen.id))
                for item in everything.items {
                    let answer = try await client.get("/registry/v1/canteens/\(item.canteen.id)", as: person)
                    #expect(
                        (answer.status == .ok) == ids.contains(item.canteen.id),
                        "\(person.role) \(item.canteen.institution.name)")
                }
            }
            // City, county, station, county education, city education, county HR, school, caterer with its schools, auditor.
            #expect(sizes[0] == 39 && sizes[2] == 3 && sizes[5] == 1 && sizes[6] == 1 && sizes[8] == 39)
            #expect(sizes[7] > 1 && sizes[9] == 0 && sizes[10] == 0)
        }
    }
}
