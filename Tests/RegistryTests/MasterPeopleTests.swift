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

/// Responsible persons, training, and what only reads: caterers, histories, the feed of changes.
struct MasterPeopleTests {
    private struct People: Decodable {
        struct Person: Decodable {
            let personId: String
            let name: String?
            let duty: String
            let trained: Bool?
        }
        struct Missing: Decodable {
            let duty: String
            let canteen: String?
        }
        let people: [Person]
        let missing: [Missing]
    }

    private struct Coverage: Decodable {
        struct Item: Decodable {
            let group: String
            let required: Int
            let trained: Int
            let rate: Int?
        }
        let items: [Item]
        let required: Int
    }

    @Test func thePageOfASchoolSaysWhoIsMissingAndErasesWhoHasLeft() async throws {
        try await RegistryTest.run { client in
            _ = try await MasterFiles.importAll(client)
            let school = try await RegistryTest.canteen(licence: MasterFiles.branchLicence, client).institution.id
            let head = Principal(personId: .new(), role: .principal, schoolId: school)
            let path = "/registry/v1/schools/\(school)/people"
            func people() async throws -> People { try await client.get(path, as: head).json(People.self) }
            let before = try await people()
            // 600 diners: a director is mandatory; the small serving point has no administrator of its own either.
            #expect(before.missing.contains { $0.duty == "safety_director" && $0.canteen == "第一食堂" })
            #expect(!before.missing.contains { $0.duty == "safety_director" && $0.canteen == "分餐点" })
            #expect(!before.missing.contains { $0.duty == "safety_administrator" && $0.canteen == "第一食堂" })
            #expect(
                before.missing.contains { $0.duty == "video_keeper" }
                    && !before.missing.contains { $0.duty == "principal" })
            let rested = try await client.pool.query("SELECT name FROM duty_person") { row -> String in try row["name"]
            }
            #expect(rested.allSatisfy { !$0.contains("示例") })
            let log = try await client.pool.query(
                "SELECT convert_from(data, 'UTF8') AS data FROM journal WHERE type LIKE '%duty%'"
            ) { row -> String in try row["data"] }
            #expect(log.count == 3 && log.allSatisfy { !$0.contains("示例") })

            let person = try #require(before.people.first { $0.duty == "safety_administrator" })
            #expect(person.name == "示例甲" && person.trained == false)
            let erase = "\(path)/\(person.personId)/erase"
            #expect(try await client.post(erase, as: head, json: [String: String]()).problemCode == "still_in_office")
            try await client.pool.execute(
                "UPDATE duty SET valid_to = DATE '2026-11-01' WHERE person_id = \(person.personId)")
            let station = try await RegistryTest.officer(.stationOfficer, "蓬江区市场监督管理局白沙监管所", client)
            #expect(try await client.post(erase, as: station, json: [String: String]()).status == .forbidden)
            #expect(try await client.post(erase, as: head, json: [String: String]()).status == .noContent)
            let after = try await people()
            #expect(after.people.filter { $0.personId == person.personId }.allSatisfy { $0.name == nil })
            #expect(after.people.count == before.people.count)
            let stranger = Principal(personId: .new(), role: .principal, schoolId: .new())
            #expect(try await client.get(path, as: stranger).status == .notFound)
            let page = try await client.page("/registry/schools/\(school)/people", as: head)
            #expect(page.text.contains("个人信息已删除") && !page.text.contains("⟦"))
        }
    }

    @Test func coverageIsTrainedOfRequired() async throws {
        try await RegistryTest.run { client in
            _ = try await MasterFiles.importAll(client)
            let city = try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", client)
            func coverage(_ by: String, _ person: Principal) async throws -> [String: [Int?]] {
                let answer = try await client.get("/registry/v1/training/coverage?by=\(by)", as: person)
                    .json(Coverage.self)
                return Dictionary(
                    answer.items.map { ($0.group, [$0.required, $0.trained, $0.rate]) }, uniquingKeysWith: { $1 })
            }
            // Three regulators, two of them trained; the head and one administrator, not trained; one operator, trained.
            #expect(
                try await coverage("layer", city) == [
                    "regulators": [3, 2, 66], "safety_administrators": [2, 0, 0], "platform_operators": [1, 1, 100],
                ])
            #expect(try await coverage("level", city)["station"] == [1, 1, 100])
            #expect(try await coverage("school", city) == ["蓬江区示例小学": [3, 1, 33]])
            let head = Principal(
                personId: .new(), role: .principal,
                schoolId: try await RegistryTest.canteen(licence: MasterFiles.branchLicence, client).institution.id)
            #expect(try await coverage("layer", head)["regulators"] == nil)
            #expect(
                try await client.get("/registry/v1/training/coverage?by=colour", as: city).problemCode == "not_allowed")
            let page = try await client.page("/registry/training?by=layer", as: city)
            #expect(page.text.contains("66%") && !page.text.contains("⟦"))
            // A year later nobody is trained any more.
            client.clock.advance(by: .seconds(400 * 86_400))
            #expect(try await coverage("layer", city)["regulators"]?[1] == 0)
        }
    }

    @Test func attendanceIsRefusedWhereItCannotBe() async throws {
        try await RegistryTest.run { client in
            _ = try await MasterFiles.importAll(client)
            let file = try RegistryTest.file([
                MasterFiles.attendance[0], "PX-3,head.one,,,", "PX-9,head.one,,,", "PX-1,head.one,,,",
                "PX-1,nobody.here,,,70",
                "PX-1,operator.one,,,85", "PX-1,operator.one,,,85",
            ])
            let report = try await RegistryTest.importFiles(ImportFiles(attendance: file), client)
            #expect(
                report.files[0].faults.map { "\($0.line ?? 0) \($0.code.rawValue)" } == [
                    "2 session_not_held", "3 session_unknown", "4 score_missing", "5 person_unknown",
                    "7 duplicate_line",
                ])
            try await client.pool.execute(
                "UPDATE appointment SET valid_to = DATE '2026-10-01' WHERE role = 'county_regulator'")
            let left = try RegistryTest.file([MasterFiles.attendance[0], "PX-2,county.msa,,,10"])
            let again = try await RegistryTest.importFiles(ImportFiles(attendance: left), client)
            #expect(again.files[0].faults.map(\.code) == [.personLeft])
        }
    }

    @Test(arguments: [TrainingGate.Mode.warning, .blocking])
    func theGateWarnsOrLetsTheUntrainedOnlyRead(_ mode: TrainingGate.Mode) async throws {
        try await RegistryTest.run(trainingGate: mode) { client in
            _ = try await MasterFiles.importAll(client)
            let rows = try await client.pool.query(
                """
                SELECT person_id, school_id FROM appointment WHERE role IN ('principal', 'platform_operator')
                ORDER BY role DESC
                """
            ) { row -> (PersonID, SchoolID) in (try row["person_id"], try row["school_id"]) }
            let head = Principal(personId: rows[0].0, role: .principal, schoolId: rows[0].1)
            let trained = Principal(personId: rows[1].0, role: .platformOperator, schoolId: rows[1].1)
            func post(_ day: String, as person: Principal) async throws -> TestResponse {
                try await client.post(
                    "/registry/v1/register/meal-days", as: person,
                    json: ["credit_code": MasterFiles.school, "day": day, "kind": "停餐"])
            }
            #expect(try await post("2026-12-01", as: trained).status == .created)
            let answer = try await post("2026-12-02", as: head)
            #expect(answer.status == (mode == .blocking ? .forbidden : .created))
            #expect(answer.problemCode == (mode == .blocking ? "training_required" : nil))
            #expect(try await client.get("/registry/v1/register/meal-days", as: head).status == .ok)
            let mine = try await client.page("/registry/training/mine", as: head)
            #expect(mine.text.contains("食品安全管理人员") && mine.text.contains(mode == .blocking ? "只能查看" : "不受限制"))
        }
    }

    private struct Feed: Decodable {
        struct Entry: Decodable {
            let index: Int
            let type: String
        }
        let items: [Entry]
        let next: Int
        let total: Int
    }

    @Test func theFeedTellsEverythingOnceAndOnlyWhatIsInReach() async throws {
        try await RegistryTest.run { client in
            _ = try await MasterFiles.importAll(client)
            // The relay does not run here: the leaves are given as it would give them.
            try await client.pool.execute(
                """
                INSERT INTO journal_leaf (index, position, leaf_hash)
                SELECT row_number() OVER (ORDER BY position) - 1, position, decode(repeat('00', 32), 'hex') FROM journal
                """)
            let city = try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", client)
            let other = try await RegistryTest.officer(.countyRegulator, "江海区市场监督管理局", client)
            func all(_ person: Principal) async throws -> [String] {
                var since = 0
                var types: [String] = []
                while true {
                    let page = try await client.get("/registry/v1/changes?since=\(since)&per_page=50", as: person)
                        .json(Feed.self)
                    types += page.items.map(\.type)
                    if page.items.count == page.total { return types }
                    since = page.next
                }
            }
            let counts = try await RegistryTest.eventCounts(client)
            let seen = try await all(city)
            for type in [CanteenRegistered.type, ContractStarted.type, OrganRegistered.type, MealCalendarChanged.type] {
                #expect(seen.filter { $0 == type }.count == counts[type], "\(type)")
            }
            #expect(!seen.contains(StaffAppointed.type))
            #expect(Set(try await all(other)) == [OrganRegistered.type])
            #expect(try await client.get("/registry/v1/changes?since=-1", as: city).problemCode == "not_in_range")
        }
    }

    @Test func caterersComeCertifiedFirstAndHistoriesTellFromWhenToWhen() async throws {
        try await RegistryTest.run { client in
            _ = try await MasterFiles.importAll(client)
            let canteen = try await RegistryTest.canteen(licence: MasterFiles.branchLicence, client)
            let head = Principal(personId: .new(), role: .principal, schoolId: canteen.institution.id)
            let answer = try await client.get("/registry/v1/caterers", as: head)
            struct List: Decodable {
                struct Item: Decodable {
                    struct Certificate: Decodable { let number: String }
                    let name: String
                    let isCertified: Bool
                    let haccp: Certificate?
                    let iso22000: Certificate?
                    let externalOrgan: String?
                }
                let items: [Item]
                let total: Int
            }
            let list = try answer.json(List.self)
            #expect(list.total == 3 && list.items[0].name == "示例配送甲" && list.items[0].isCertified)
            // HACCP ran out in June, ISO 22000 holds.
            #expect(list.items[0].haccp == nil && list.items[0].iso22000?.number == "CN-22000-1")
            #expect(list.items.contains { $0.externalOrgan == "广州市天河区市场监督管理局" && !$0.isCertified })
            let page = try await client.page("/registry/caterers", as: head)
            #expect(page.text.contains("示例配送甲") && !page.text.contains("⟦"))
            let history = try await client.get("/registry/v1/canteens/\(canteen.id)/history", as: head)
            #expect(history.status == .ok && history.text.contains("\"stage\":\"operating\""))
            #expect(history.text.contains("\"valid_from\""))

            let city = try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", client)
            let station = try await RegistryTest.organ("蓬江区市场监督管理局潮连监管所", client)
            let path = "/registry/v1/organs/\(station.id)/history"
            #expect(try await client.get(path, as: city).text.contains("潮连街道"))
            // A township moves to another station of the same file: the canteens move with it, and both spans are told.
            let moved = try RegistryTest.file([
                "机构名称,上级机构,行政区划代码,镇街", "蓬江区市场监督管理局潮连监管所,蓬江区市场监督管理局,440703,潮连街道、白沙街道",
                "蓬江区市场监督管理局白沙监管所,蓬江区市场监督管理局,440703,丰乐街道",
            ])
            _ = try await RegistryTest.importFiles(ImportFiles(stations: moved), client)
            #expect(try await client.get(path, as: city).text.contains("白沙街道"))
            #expect(
                try await RegistryTest.canteen(licence: MasterFiles.branchLicence, client).assignment.station
                    == station.id)
        }
    }

    /// Relation × time: at 00:00 after the contract's last day, before any clock has looked.
    @Test func aCatererSeesACustomersCanteenOnTheDaysOfTheContractOnly() async throws {
        try await RegistryTest.run { client in
            _ = try await MasterFiles.importAll(client)
            let served = try #require(
                try await client.pool.first(
                    "SELECT id FROM canteen WHERE licence_number = \(MasterFiles.branchLicence)"
                ) { row -> CanteenID in try row["id"] })
            let kitchen = try await RegistryTest.canteen(licence: MasterFiles.caterer, client)
            let caterer = Principal(personId: .new(), role: .caterer, schoolId: kitchen.institution.id)
            let path = "/registry/v1/canteens/\(served)"
            #expect(try await client.get(path, as: caterer).status == .ok)
            let lastDay = try #require(LocalDate(iso: "2026-12-31"))
            client.clock.set(lastDay.adding(days: 1).start - .seconds(1))
            #expect(try await client.get(path, as: caterer).status == .ok)
            client.clock.set(lastDay.adding(days: 1).start)
            #expect(try await client.get(path, as: caterer).status == .notFound)
            let own = try await client.get("/registry/v1/canteens/\(kitchen.id)", as: caterer)
            #expect(own.status == .ok)
        }
    }
}
