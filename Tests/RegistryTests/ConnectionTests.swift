import Access
import Calendar
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import Journal
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

/// `connected` is a fact: every part of the rule and the county officer's word, shown to the school part by part.
struct ConnectionTests {
    private struct Answer: Decodable {
        struct Part: Decodable {
            let code: String
            let toDo: String
            let byWhen: LocalDate?
        }
        let state: AccessState
        let clock: String
        let deadline: LocalDate?
        let timeliness: AccessTimeliness?
        let days: Int?
        let skippedDays: [LocalDate]?
        let unmet: [Part]
        let increaseInspection: Bool

        private enum CodingKeys: String, CodingKey {
            case state, clock, deadline, timeliness, days, unmet, increaseInspection
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            state = try container.decode(AccessState.self, forKey: .state)
            clock = try container.decode(String.self, forKey: .clock)
            deadline = try container.decodeIfPresent(LocalDate.self, forKey: .deadline)
            timeliness = try container.decodeIfPresent(AccessTimeliness.self, forKey: .timeliness)
            days = try container.decodeIfPresent(Int.self, forKey: .days)
            unmet = try container.decode([Part].self, forKey: .unmet)
            increaseInspection = try container.decode(Bool.self, forKey: .increaseInspection)
            skippedDays = nil
        }
    }

    /// A camera in the canteen's kitchen whose first picture a person has confirmed.
    private func camera(_ canteen: Canteen, _ city: AccessCity, status: String = "active") async throws -> CameraID {
        let id = CameraID.new()
        try await city.client.pool.execute(
            """
            INSERT INTO camera (id, canteen_id, name, zone, gb_id, enabled_on, is_anteroom, status)
            VALUES (\(id), \(canteen.id), '示例-一食堂-烹饪-01', 'Z3', '44078400111327000001', '2026-09-28', false,
                    \(status))
            """)
        guard status == "active" else { return id }
        try await city.client.pool.execute(
            """
            INSERT INTO first_frame (id, camera_id, captured_at, sha256, jpeg, decision, decided_at)
            VALUES (\(CameraID.new()), \(id), now(), \([UInt8](repeating: 1, count: 32)), \([UInt8](repeating: 2, count: 4)),
                    'confirm', now())
            """)
        return id
    }

    private func disclose(_ categories: [DisclosureCategory], _ canteen: Canteen, _ city: AccessCity) async throws {
        let event = CompletenessChanged(
            canteenId: canteen.id, present: categories,
            missing: DisclosureCategory.allCases.filter { !categories.contains($0) })
        try await city.client.pool.transaction { transaction in
            try await transaction.execute(
                """
                INSERT INTO canteen_disclosure (canteen_id, present) VALUES (\(event.canteenId), \(event.present))
                ON CONFLICT (canteen_id) DO UPDATE SET present = excluded.present
                """)
            try await AccessStore.mark([canteen.id], transaction)
        }
        try await city.timer.settle()
    }

    private func answer(_ canteen: Canteen, as person: Principal, _ city: AccessCity) async throws -> Answer {
        try await city.client.get("/registry/v1/canteens/\(canteen.id)/access", as: person).json(Answer.self)
    }

    private func school(_ canteen: Canteen) -> Principal {
        Principal(personId: .new(), role: .safetyLead, schoolId: canteen.institution.id)
    }

    @Test func aCanteenIsConnectedWhenEveryPartIsMetAndTheOfficerSaysSo() async throws {
        try await AccessCity.run(at: "2026-09-28T10:00:00+08:00") { city in
            let canteen = try await city.canteen(issuedOn: "2026-09-28")
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", city.client)
            let school = school(canteen)
            let path = "/registry/v1/canteens/\(canteen.id)/access/"
            func step(_ name: String, as person: Principal, _ kind: String) async throws -> TestResponse {
                try await city.client.post(path + kind, as: person, json: ["step": name])
            }

            let first = try await answer(canteen, as: school, city)
            #expect(first.state == .planned && first.deadline?.iso == "2026-10-16")
            #expect(first.unmet.map(\.code) == ["zone:Z3"] + (1...9).map { "disclosure:D\($0)" } + ["confirmation"])
            #expect(first.unmet.allSatisfy { !$0.toDo.isEmpty && $0.byWhen?.iso == "2026-10-16" })
            #expect(try await step("confirm", as: school, "decision").status == .forbidden)
            #expect(try await step("confirm", as: school, "application").problemCode == "not_allowed")
            let refused = try await step("confirm", as: county, "decision")
            #expect(refused.problemCode == "connection_incomplete" && refused.text.contains("zone:Z3"))

            let camera = try await camera(canteen, city)
            try await city.timer.settle()
            #expect(try await answer(canteen, as: school, city).state == .building)
            // No report of the camera's signal: unknown is not OK.
            #expect(try await answer(canteen, as: school, city).unmet.first?.code == "signal:Z3")
            #expect(try await step("apply", as: school, "application").status == .ok)
            #expect(try await answer(canteen, as: county, city).state == .testing)
            try await city.report(camera, share: 0.949)
            try await disclose(DisclosureCategory.allCases, canteen, city)
            #expect(try await answer(canteen, as: school, city).unmet.map(\.code) == ["signal:Z3", "confirmation"])
            #expect(try await step("confirm", as: county, "decision").problemCode == "connection_incomplete")

            try await city.move(to: "2026-10-16T23:59:59.999999+08:00")
            try await city.report(camera, share: 0.95)
            let stranger = try await RegistryTest.officer(.countyRegulator, "开平市市场监督管理局", city.client)
            #expect(try await step("confirm", as: stranger, "decision").status == .notFound)
            let done = try await step("confirm", as: county, "decision")
            #expect(done.status == .ok, "\(done.text)")
            let connected = try await answer(canteen, as: school, city)
            #expect(connected.state == .connected && connected.timeliness == .onTime && connected.days == 0)
            #expect(connected.unmet.isEmpty)
            #expect(try await step("confirm", as: county, "decision").problemCode == "access_state")
            let event = try #require(try await city.events(AccessConnected.self).first)
            #expect(event.timeliness == .onTime && event.confirmedBy == county.personId)
            try await city.move(to: "2026-10-20T00:00:00+08:00")
            #expect(try await city.events(AccessOverdue.self).isEmpty)
            // Connected stays connected when a camera fails; what is missing shows again.
            try await city.client.pool.execute("UPDATE camera SET status = 'offline'")
            try await city.timer.settle()
            let later = try await answer(canteen, as: school, city)
            #expect(later.state == .connected && later.unmet.map(\.code) == ["zone:Z3"])
        }
    }

    @Test func aLateConnectionRemembersTheDaysAndASpecialReasonExtendsNothing() async throws {
        try await AccessCity.run(at: "2026-09-28T10:00:00+08:00") { city in
            let canteen = try await city.canteen(issuedOn: "2026-09-28")
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", city.client)
            let school = school(canteen)
            let path = "/registry/v1/canteens/\(canteen.id)/access/application"
            let incomplete = try await city.client.post(path, as: school, json: ["step": "special_reason"])
            #expect(incomplete.problemCode == "missing")
            let personal = try await city.client.post(
                path, as: school,
                json: ["step": "special_reason", "special_reason": "network", "reason": "找13812345678"])
            #expect(personal.problemCode == "personal_data")
            let recorded = try await city.client.post(
                path, as: school, json: ["step": "special_reason", "special_reason": "network", "reason": "专线未通"])
            #expect(recorded.status == .ok)
            #expect(try await answer(canteen, as: school, city).deadline?.iso == "2026-10-16")
            try await city.move(to: "2026-10-17T00:00:00+08:00")
            #expect(try await city.events(AccessOverdue.self).first?.specialReason == "network")
            #expect(try await answer(canteen, as: county, city).increaseInspection)

            let camera = try await camera(canteen, city)
            try await disclose(DisclosureCategory.allCases, canteen, city)
            try await city.move(to: "2026-10-21T09:00:00+08:00")
            try await city.report(camera, share: 1)
            let done = try await city.client.submit(
                "/registry/canteens/\(canteen.id)/access/decision", as: county, [("step", "confirm")])
            #expect(done.headers[.location] == "/registry/canteens/\(canteen.id)/access")
            let event = try #require(try await city.events(AccessConnected.self).first)
            #expect(event.timeliness == .late && event.days == 5 && event.deadline?.iso == "2026-10-16")
            let after = try await answer(canteen, as: county, city)
            #expect(!after.increaseInspection)
            let page = try await city.client.page("/registry/canteens/\(canteen.id)/access", as: county)
            #expect(page.text.contains("逾期接入（晚 5 天）") && page.text.contains("专线未通"))
        }
    }

    @Test func whatAnOfficerDecidesNeedsAReasonAndMovesTheState() async throws {
        try await AccessCity.run(at: "2026-09-28T10:00:00+08:00") { city in
            let canteen = try await city.canteen(issuedOn: "2026-09-28")
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", city.client)
            func decide(_ body: [String: String]) async throws -> TestResponse {
                try await city.client.post(
                    "/registry/v1/canteens/\(canteen.id)/access/decision", as: county, json: body)
            }
            #expect(try await decide(["step": "not_required"]).problemCode == "missing")
            #expect(try await decide(["step": "fly"]).status == .unprocessableContent)
            #expect(try await decide(["step": "not_required", "reason": "无食堂，仅分餐"]).status == .ok)
            #expect(try await city.record(canteen.id).clock == .cancelled)
            try await city.move(to: "2026-10-20T00:00:00+08:00")
            #expect(try await city.events(AccessOverdue.self).isEmpty)
            // Required after all: the ten days are over by now.
            #expect(try await decide(["step": "required"]).status == .ok)
            #expect(try await city.events(AccessOverdue.self).count == 1)
        }
    }

    @Test func thePagesSayWhatIsMissingInBothLanguagesAndCountFromProjections() async throws {
        try await AccessCity.run(at: "2026-09-28T10:00:00+08:00") { city in
            let canteen = try await city.canteen(issuedOn: "2026-09-28")
            try await city.canteen(issuedOn: "2015-01-05", licence: 2)
            _ = try await camera(canteen, city, status: "pending")
            try await city.move(to: "2026-10-12T09:00:00+08:00")
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", city.client)
            let office = try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", city.client)
            let school = school(canteen)
            for (path, person, words) in [
                ("/registry/school", school, ["烹饪区", "还有 4 天"]),
                ("/registry/tasks", county, ["本周到期", canteen.institution.name, "待确认首帧"]),
                ("/registry/access?view=this_week", county, [canteen.institution.name]),
                ("/registry/dashboard", office, ["鹤山市", "0 / 2 间", "接入率"]),
                ("/registry/canteens/\(canteen.id)/access", school, ["期限是怎样算出来的", "2026-10-16", "国庆节"]),
                ("/registry/calendar?issued_on=2026-12-18", school, ["2027-01-01", "暂定", "2027 年的放假通知尚未载入"]),
            ] {
                let page = try await city.client.page(path, as: person)
                #expect(page.status == .ok, "\(path)")
                for word in words { #expect(page.text.contains(word), "\(path) \(word)") }
                let english = try await city.client.page(path, as: person, language: "en")
                #expect(!page.text.contains("⟦") && !english.text.contains("⟦"), "\(path)")
            }
            struct Dashboard: Decodable {
                struct Tally: Decodable {
                    let canteens: Int
                    let required: Int
                    let running: Int
                    let cameras: Int
                    let camerasPending: Int
                }
                struct Day: Decodable {
                    let day: LocalDate
                }
                let total: Tally
                let trend: [Day]
            }
            let board = try await city.client.get("/registry/v1/dashboard", as: county).json(Dashboard.self)
            // The second licence is older than the rule: it runs no clock.
            #expect(board.total.canteens == 2 && board.total.running == 1)
            #expect(board.total.cameras == 1 && board.total.camerasPending == 1)
            #expect(board.trend.map(\.day.iso) == ["2026-09-28", "2026-10-12"])
            #expect(try await city.client.get("/registry/v1/dashboard", as: school).status == .forbidden)
            // The tallies are the sum of the rows, whatever the order of changes.
            let rows = try await city.client.pool.first(
                "SELECT count(*) AS n, sum(cameras) FILTER (WHERE operating) AS k FROM canteen_access"
            ) { row -> (Int, Int) in (try row["n"], try row["k"]) }
            #expect(rows?.0 == board.total.canteens && rows?.1 == board.total.cameras)
        }
    }
}
