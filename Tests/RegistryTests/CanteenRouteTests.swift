import Access
import Calendar
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

struct CanteenRouteTests {
    private struct List: Decodable {
        struct Item: Decodable {
            let name: String
            let schoolName: String
        }
        let items: [Item]
        let page: Int
        let perPage: Int
        let total: Int
    }

    @Test func theListSearchesFiltersAndCounts() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let city = try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", client)
            func list(_ query: String) async throws -> List {
                try await client.get("/registry/v1/canteens?\(query)", as: city).json(List.self)
            }
            let first = try await list("per_page=10")
            #expect(first.total == 39 && first.items.count == 10 && first.page == 1)
            #expect(try await list("per_page=10&page=4").items.count == 9)
            let search = "鹤山市雅瑶镇".addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            #expect(try await list("q=\(search)").items.map(\.schoolName) == ["鹤山市雅瑶镇示例初级中学"])
            #expect(try await list("q=JY34407840001018").total == 1)
            #expect(try await list("q=%25").total == 0)
            #expect(try await list("division=440784").total == 7)
            #expect(try await list("division=440784&operating=false").total == 1)
            #expect(
                try await client.get("/registry/v1/canteens?operating=maybe", as: city).problemCode == "not_allowed")
            #expect(try await client.get("/registry/v1/canteens?page=0", as: city).problemCode == "not_in_range")

            let page = try await client.page("/registry/canteens?q=\(search)", as: city)
            #expect(page.status == .ok)
            #expect(page.text.contains("鹤山市雅瑶镇示例初级中学") && page.text.contains("0 / 4"))
            let english = try await client.page("/registry/canteens", as: city, language: "en")
            #expect(english.text.contains("39 canteens"))
            #expect(!english.text.contains("⟦") && !page.text.contains("⟦"))
        }
    }

    @Test func whatPeopleTypeIsEscaped() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let city = try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", client)
            let page = try await client.page("/registry/canteens?q=%22%3E%3Cscript%3E", as: city)
            #expect(!page.text.contains("<script>"))
        }
    }

    @Test func theDetailPageShowsLicenceOrgansAndCameras() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", client)
            let canteen = try await RegistryTest.canteen(licence: "JY34407840001018", client)
            let page = try await client.page("/registry/canteens/\(canteen.id)", as: county)
            for text in ["JY34407840001018", "2027-04-05", "鹤山市教育局", "鹤山市市场监督管理局沙坪监管所", "44078400111327000001", "登记终止"]
            {
                #expect(page.text.contains(text), "\(text)")
            }
            let school = Principal(personId: .new(), role: .principal, schoolId: canteen.institution.id)
            let own = try await client.page("/registry/canteens/\(canteen.id)", as: school)
            #expect(own.status == .ok)
            #expect(!own.text.contains("登记终止"))
        }
    }

    @Test func aRevokedLicenceStopsTheCanteen() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", client)
            let canteen = try await RegistryTest.canteen(licence: "JY34407840001018", client)
            let path = "/registry/v1/canteens/\(canteen.id)/licence/revoke"
            func end(_ state: String, _ day: String, key: String? = nil) async throws -> TestResponse {
                var headers = HTTPFields()
                if let key { headers[.idempotencyKey] = key }
                return try await client.post(
                    path, as: county, json: ["state": state, "decided_on": day], headers: headers)
            }
            #expect(try await end("valid", "2026-11-20").problemCode == "not_allowed")
            #expect(try await end("lost", "2026-11-20").status == .unprocessableContent)
            #expect(try await end("revoked", "2026-11-24").problemCode == "date_out_of_range")
            #expect(try await end("revoked", "2020-01-01").problemCode == "date_out_of_range")
            #expect(try await end("revoked", "2026-11-20", key: "k1").status == .ok)
            #expect(try await end("revoked", "2026-11-20", key: "k1").status == .ok)
            #expect(try await end("cancelled", "2026-11-20", key: "k1").problemCode == "idempotency_key_reused")
            #expect(try await end("cancelled", "2026-11-20").problemCode == "licence_ended")
            let counts = try await RegistryTest.eventCounts(client)
            #expect(counts[LicenceRevoked.type] == 1)
            #expect(counts[CanteenChanged.type] == 1)
            // The roster does not bring it back to life; a new licence does.
            let again = try await RegistryTest.importFiles(
                ImportFiles(roster: RegistryTest.demoFile("roster-sample.csv")), client)
            #expect(again.files[0].changed == 0)
            #expect(try await !RegistryTest.canteen(licence: "JY34407840001018", client).operating)
            let renewed = ImportRuleTests.line([
                "食品经营许可证编号": "JY34407840000015", "发证日期": "2026-11-23", "有效期至": "2031-11-22",
                "操作区域": "食品仓库、粗加工制作区、烹饪区、专间备餐间、餐用具洗消区",
            ])
            let path2 = try RegistryTest.file([ImportRuleTests.header, renewed])
            #expect(try await RegistryTest.importFiles(ImportFiles(roster: path2), client).files[0].changed == 1)
            let now = try await RegistryTest.canteen(licence: "JY34407840000015", client)
            #expect(now.operating && now.id == canteen.id && now.licence?.endedOn == nil)
        }
    }

    @Test func theFormOfThePageDoesTheSameAndExplainsFaults() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", client)
            let canteen = try await RegistryTest.canteen(licence: "JY34407840001018", client)
            let path = "/registry/canteens/\(canteen.id)/licence/revoke"
            let faulty = try await client.submit(path, as: county, [("state", ""), ("decided_on", "2026-11-20")])
            #expect(faulty.status == .unprocessableContent)
            #expect(faulty.text.contains("此项必填"))
            let done = try await client.submit(
                path, as: county, [("state", "withdrawn"), ("decided_on", "2026-11-20"), ("_form", "f1")])
            #expect(done.headers[.location] == "/registry/canteens/\(canteen.id)")
            let page = try await client.page("/registry/canteens/\(canteen.id)", as: county)
            #expect(page.text.contains("撤销") && !page.text.contains("登记终止"))
        }
    }

    @Test func licencesRunOutAtMidnight() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let sweep = DailySweep(
                pool: client.pool, clock: client.clock,
                filings: FilingList(pool: client.pool, rule: try AccessRule.builtIn()), logger: .quiet("sweep"))
            try await sweep.sweep()
            #expect(try await RegistryTest.eventCounts(client)[CanteenChanged.type] == nil)
            // JY34407830001032's neighbour: 塘口镇启智学校 is refused; 台山 JY34407810001084 ends on 2027-01-02.
            client.clock.set(Instant(rfc3339: "2027-01-02T23:59:59+08:00") ?? client.clock.now())
            try await sweep.sweep()
            #expect(try await RegistryTest.canteen(licence: "JY34407810001084", client).operating)
            let before = try await RegistryTest.eventCounts(client)[CanteenChanged.type] ?? 0
            client.clock.set(Instant(rfc3339: "2027-01-03T00:00:00+08:00") ?? client.clock.now())
            try await sweep.sweep()
            #expect(try await !RegistryTest.canteen(licence: "JY34407810001084", client).operating)
            #expect(try await RegistryTest.eventCounts(client)[CanteenChanged.type] == before + 1)
            try await sweep.sweep()
            #expect(try await RegistryTest.eventCounts(client)[CanteenChanged.type] == before + 1)
        }
    }

    @Test func administrationPages() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            try await RegistryTest.importFiles(ImportFiles(staff: RegistryTest.demoFile("staff.csv")), client)
            let admin = Principal(personId: .new(), role: .systemAdmin)
            let accounts = try await client.page("/registry/accounts", as: admin)
            #expect(accounts.text.contains("heshan.msa") && !accounts.text.contains("示例县监"))
            let auditor = Principal(personId: .new(), role: .auditor)
            let audit = try await client.page("/registry/audit/journal", as: auditor)
            #expect(audit.text.contains(StaffAppointed.type))
            #expect(!accounts.text.contains("⟦") && !audit.text.contains("⟦"))
        }
    }

    /// Every declared route of the service is in its OpenAPI document.
    @Test func openAPINamesEveryRoute() async throws {
        try await RegistryTest.run { client in
            let document = RegistryService.description.openAPI
            for route in client.routes where route.path.hasPrefix("/registry") && !route.path.contains("/assets/") {
                let path = route.path == "/registry" ? "/registry/" : route.path
                #expect(document.contains("\n  \(path):\n"), "\(path)")
            }
        }
    }
}
