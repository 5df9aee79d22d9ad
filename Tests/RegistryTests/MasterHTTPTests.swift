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

/// Master tables over HTTP: the same refusals as the import, versions, repetition, lists.
struct MasterHTTPTests {
    private struct Rows: Decodable {
        let items: [[String: FieldValue]]
        let total: Int
        let next: String?
    }

    private static let path = "/registry/v1/register"

    /// A roster line by header as a JSON command by field.
    private static func command(_ cells: [String: String]) -> [String: FieldValue] {
        Dictionary(
            cells.compactMap { header, value in
                RosterColumn(rawValue: header).map { ($0.field, FieldValue.text(value)) }
            }, uniquingKeysWith: { $1 })
    }

    /// Every bad input of domain art 5 and 13, over HTTP and in a file: the same code, and nothing changes.
    @Test func badInputIsRefusedAlikeOverHTTPAndInAFile() async throws {
        try await RegistryTest.run { client in
            _ = try await MasterFiles.importAll(client)
            let county = try await RegistryTest.officer(.countyRegulator, "蓬江区市场监督管理局", client)
            let other = ["统一社会信用代码": "12440703700000044K", "学校名称": "蓬江区示例中学", "学校类型": "初级中学"]
            let cases: [([String: String], String, Int)] = [
                (["食品经营许可证编号": "JY34407030001037", "发证日期": "2026-11-24"], "date_in_future", 422),
                (["食品经营许可证编号": "JY34407030001036"], "licence_check_digit", 422),
                (["食品经营许可证编号": "JY34407040000072"], "licence_division_mismatch", 422),
                (["食品经营许可证编号": MasterFiles.licence], "licence_taken", 409),
                (["行政区划代码": "440782", "食品经营许可证编号": "JY34407030001037"], "division_unknown", 422),
                (["统一社会信用代码": "911101083103521997"], "uscc_check_digit", 422),
                (["供餐方式": "校外供餐"], "caterer_required", 422),
                (["供餐方式": "校外供餐", "供餐单位许可证编号": "JY24407840000014"], "caterer_unknown", 422),
                (["主管部门": "人社"], "department_reason_missing", 422),
                (["学校类型": "集体用餐配送单位", "主管部门": "市场监管"], "licence_form", 422),
                (["经营状态": "停业"], "life_reason_missing", 422),
                (["纬度": "113.07", "经度": "22.6", "坐标系": "WGS-84"], "position_format", 422),
                (["纬度": "22.6", "经度": "113.07"], "value_missing", 422),
                (["用餐人数": "７６０"], "number_range", 422),
                (["学校名称": "=1+1"], "formula_cell", 422),
            ]
            let size = try await RegistryTest.journalSize(client)
            for (changes, code, status) in cases {
                let cells = MasterFiles.canteen.merging(other) { $1 }
                    .merging(["食品经营许可证编号": "JY34407030001045"]) { $1 }.merging(changes) { $1 }
                let answer = try await client.post(
                    "\(Self.path)/roster", as: county, json: Self.command(cells))
                // Where the division is not the county's own there is nothing to find for this officer.
                #expect(Int(answer.status.code) == status, "\(code): \(answer.text)")
                #expect(answer.text.contains("\"\(code)\""), "\(code): \(answer.text)")
                let file = try RegistryTest.file(MasterFiles.roster([cells]))
                let report = try await RegistryTest.importFiles(ImportFiles(roster: file), client)
                #expect(report.files[0].faults.contains { $0.code.rawValue == code }, "\(code)")
                #expect(report.files[0].added + report.files[0].changed == 0)
            }
            #expect(try await RegistryTest.journalSize(client) == size)
        }
    }

    @Test func contractsKeepTheRulesOfArticle13() async throws {
        try await RegistryTest.run { client in
            _ = try await MasterFiles.importAll(client)
            let county = try await RegistryTest.officer(.countyRegulator, "蓬江区市场监督管理局", client)
            func contract(_ changes: [String: FieldValue]) -> [String: FieldValue] {
                [
                    "number": .text("HT-9"), "credit_code": .text(MasterFiles.school), "canteen_name": .text("第一食堂"),
                    "caterer": .text(MasterFiles.caterer), "starts_on": .text("2026-11-23"),
                    "ends_on": .text("2027-07-31"), "meals": .words(["午餐"]), "diners": .number(100),
                ].merging(changes) { $1 }
            }
            func post(_ changes: [String: FieldValue]) async throws -> TestResponse {
                try await client.post("\(Self.path)/contracts", as: county, json: contract(changes))
            }
            #expect(try await post(["caterer": .text(MasterFiles.licence)]).problemCode == "licence_form")
            #expect(try await post(["caterer": .text("JY24407840000014")]).problemCode == "caterer_unknown")
            #expect(try await post(["caterer": .text(MasterFiles.plainCaterer)]).problemCode == "choice_reason_missing")
            #expect(try await post(["ends_on": .text("2026-11-22")]).problemCode == "date_order")
            #expect(try await post(["meals": .words(["下午茶"])]).problemCode == "meal_unknown")
            let overlap = try await post(["canteen_name": .text("第二食堂")])
            #expect(overlap.status == .conflict && overlap.problemCode == "contract_overlap")
            let reason: [String: FieldValue] = [
                "caterer": .text(MasterFiles.plainCaterer), "choice_reason": .text("联系 13800138000"),
            ]
            #expect(try await post(reason).problemCode == "personal_data")
            let outside = try await post([
                "caterer": .text(MasterFiles.outsideCaterer), "choice_reason": .text("本市无清真供餐单位"),
            ])
            #expect(outside.status == .created, "\(outside.text)")
            let counts = try await RegistryTest.eventCounts(client)
            #expect(counts[ContractStarted.type] == 2)
            #expect(
                try await RegistryTest.canteen(licence: MasterFiles.branchLicence, client).catererLicence
                    == MasterFiles.caterer)
        }
    }

    @Test func aContractBeginsAndEndsAtMidnight() async throws {
        try await RegistryTest.run { client in
            _ = try await MasterFiles.importAll(client)
            let sweep = ContractSweep(pool: client.pool, clock: client.clock, logger: client.runtime.logger)
            func caterer() async throws -> String? {
                try await RegistryTest.canteen(licence: MasterFiles.branchLicence, client).catererLicence
            }
            let newYear = try #require(LocalDate(year: 2027, month: 1, day: 1))
            client.clock.advance(by: newYear.start - client.clock.now() - .seconds(1))
            try await sweep.sweep()
            #expect(try await caterer() == MasterFiles.caterer)
            #expect(try await RegistryTest.eventCounts(client)[ContractEnded.type] == nil)
            #expect(ContractSweep.pause(after: client.clock.now()) == .seconds(1))
            client.clock.advance(by: .seconds(1))
            try await sweep.sweep()
            #expect(try await caterer() == MasterFiles.plainCaterer)
            let counts = try await RegistryTest.eventCounts(client)
            #expect(counts[ContractEnded.type] == 1 && counts[ContractStarted.type] == 2)
            try await sweep.sweep()
            #expect(try await RegistryTest.eventCounts(client) == counts)
            // A caterer whose licence is revoked delivers no longer.
            let city = try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", client)
            let kitchen = try await RegistryTest.canteen(licence: MasterFiles.plainCaterer, client)
            let ending = try await client.post(
                "/registry/v1/canteens/\(kitchen.id)/licence/revoke", as: city,
                json: ["state": "revoked", "decided_on": "2027-01-01"])
            #expect(ending.status == .ok)
            try await sweep.sweep()
            #expect(try await caterer() == nil)
            #expect(try await RegistryTest.eventCounts(client)[ContractEnded.type] == 2)
        }
    }

    @Test func rowsHaveVersionsAndCommandsMayBeRepeated() async throws {
        try await RegistryTest.run { client in
            _ = try await MasterFiles.importAll(client)
            let county = try await RegistryTest.officer(.countyRegulator, "蓬江区市场监督管理局", client)
            let stranger = try await RegistryTest.officer(.countyRegulator, "江海区市场监督管理局", client)
            let term: [String: FieldValue] = [
                "credit_code": .text(MasterFiles.school), "name": .text("夏令营"), "starts_on": .text("2027-07-12"),
                "ends_on": .text("2027-07-30"),
            ]
            #expect(try await client.post("\(Self.path)/terms", as: stranger, json: term).status == .notFound)
            let key: HTTPFields = [.idempotencyKey: "term-1"]
            let first = try await client.post("\(Self.path)/terms", as: county, json: term, headers: key)
            #expect(first.status == .created)
            let again = try await client.post("\(Self.path)/terms", as: county, json: term, headers: key)
            #expect(again.status == .created && again.text == first.text)
            #expect(try await client.post("\(Self.path)/terms", as: county, json: term).status == .ok)
            var longer = term
            longer["ends_on"] = .text("2027-08-06")
            #expect(
                try await client.post("\(Self.path)/terms", as: county, json: longer).problemCode
                    == "already_registered")
            let location = try #require(first.headers[.location])
            let tag = try #require(first.headers[.eTag])
            #expect(try await client.get(location, as: county).headers[.eTag] == tag)
            #expect(try await client.get(location, as: stranger).status == .notFound)
            func put(_ version: String?, _ body: [String: FieldValue]) async throws -> TestResponse {
                var headers: HTTPFields = [.contentType: "application/json"]
                if let version { headers[.ifMatch] = version }
                return try await client.send(
                    .put, location, as: county, headers: headers, body: try BrightJSON.encode(body))
            }
            let without = try await put(nil, longer)
            #expect(without.status.code == 428 && without.problemCode == "precondition_required")
            #expect(try await put("\"old\"", longer).status == .preconditionFailed)
            let changed = try await put(tag, longer)
            #expect(changed.status == .ok && changed.headers[.eTag] != tag)
            #expect(try await put(tag, term).problemCode == "changed_meanwhile")
            var renamed = longer
            renamed["name"] = .text("夏令营二期")
            #expect(try await put(changed.headers[.eTag], renamed).status == .conflict)
            var overlapping = longer
            overlapping["starts_on"] = .text("2027-07-01")
            #expect(try await put(changed.headers[.eTag], overlapping).problemCode == "term_overlap")
            let calendars = try await client.pool.query(
                "SELECT convert_from(data, 'UTF8') AS data FROM journal WHERE type = \(MealCalendarChanged.type)"
            ) { row -> String in try row["data"] }
            #expect(calendars.last?.contains("2027-08-06") == true)
            #expect(calendars.last?.contains("2026-11-13") == true)
        }
    }

    @Test func listsFilterSortPageAndRefuseWhatTheyDoNotKnow() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let city = try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", client)
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", client)
            func rows(_ query: String, _ person: Principal) async throws -> Rows {
                try await client.get("\(Self.path)/roster?\(query)", as: person).json(Rows.self)
            }
            let all = try await rows("per_page=200", city)
            #expect(all.total == 39 && all.items.count == 39 && all.next == nil)
            #expect(try await rows("division=440784", county).total == 7)
            #expect(try await rows("", county).total == 7)
            #expect(try await rows("division=440783", county).total == 0)
            var seen: [String] = []
            var cursor = ""
            while true {
                let page = try await rows("per_page=7\(cursor)", city)
                #expect(page.total == 39)
                seen += page.items.compactMap { $0["licence"]?.cell }
                guard let next = page.next else { break }
                cursor = "&after=\(next)"
            }
            #expect(seen.count == 39 && Set(seen).count == 39)
            let sorted = try await rows("sort=-valid_to&per_page=200", city).items.compactMap { $0["valid_to"]?.cell }
            #expect(sorted == sorted.sorted(by: >) && sorted.count == 39)
            let search = PercentEncoding.queryValue("雅瑶")
            #expect(try await rows("q=\(search)", city).total == 1)
            let unknown = try await client.get("\(Self.path)/roster?colour=red", as: city)
            #expect(unknown.status == .badRequest && unknown.problemCode == "unknown_parameter")
            #expect(unknown.text.contains("valid_to"))
            #expect(try await client.get("\(Self.path)/roster?sort=colour", as: city).problemCode == "not_allowed")
            #expect(try await client.get("\(Self.path)/roster?after=!!", as: city).problemCode == "not_a_cursor")
            #expect(try await client.get("\(Self.path)/staff", as: city).status == .notFound)
            let answer = try await client.post("\(Self.path)/roster", as: city, json: ["colour": "red"])
            #expect(answer.status == .badRequest && answer.problemCode == "unknown_field")
        }
    }

    @Test func anExportIsInTheLogAndAnUploadStaysInTheArea() async throws {
        try await RegistryTest.run { client in
            _ = try await MasterFiles.importAll(client)
            let county = try await RegistryTest.officer(.countyRegulator, "蓬江区市场监督管理局", client)
            let stranger = try await RegistryTest.officer(.countyRegulator, "江海区市场监督管理局", client)
            let file = try await client.get("\(Self.path)/contracts/export.csv", as: county)
            #expect(file.text.contains("HT-1") && file.headers[.contentDisposition]?.contains("contracts.csv") == true)
            let log = try await client.pool.query(
                "SELECT convert_from(data, 'UTF8') AS data FROM journal WHERE type LIKE '%export.made%'"
            ) { row -> String in try row["data"] }
            let digest = MasterExport.File(bytes: Array(file.body.readableBytesView), rows: 3).digest
            #expect(log.count == 1 && log[0].contains(digest) && log[0].contains("\"rows\":3"))
            let empty = try await client.get("\(Self.path)/contracts/export.csv", as: stranger)
            #expect(!empty.text.contains("HT-1"))

            let lines = ["统一社会信用代码,日期,类型,说明", "\(MasterFiles.school),2026-12-24,停餐,"]
            let body = Array(lines.joined(separator: "\n").utf8)
            struct Report: Decodable {
                let added: Int
                let refusedLines: Int
            }
            let headers: HTTPFields = [.contentType: "text/csv"]
            let path = "\(Self.path)/meal-days/import"
            let refused = try await client.send(.post, path, as: stranger, headers: headers, body: body).json(
                Report.self)
            #expect(refused.added == 0 && refused.refusedLines == 1)
            let taken = try await client.send(.post, path, as: county, headers: headers, body: body).json(Report.self)
            #expect(taken.added == 1 && taken.refusedLines == 0)
            let station = try await RegistryTest.officer(.stationOfficer, "蓬江区市场监督管理局白沙监管所", client)
            #expect(try await client.send(.post, path, as: station, headers: headers, body: body).status == .forbidden)
        }
    }

    @Test func thePagesShowSaveAndExplain() async throws {
        try await RegistryTest.run { client in
            _ = try await MasterFiles.importAll(client)
            let county = try await RegistryTest.officer(.countyRegulator, "蓬江区市场监督管理局", client)
            let index = try await client.page("/registry/register", as: county)
            #expect(index.status == .ok && index.text.contains("供餐合同"))
            for writer in MasterWriters.all {
                for language in ["zh-CN", "en"] {
                    let list = try await client.page(
                        "/registry/register/\(writer.table.name)", as: county, language: language)
                    #expect(list.status == .ok && !list.text.contains("⟦"), "\(writer.table.name)")
                }
            }
            let form = try await client.page("/registry/register/meal-days/new", as: county)
            #expect(form.text.contains("停餐") && form.text.contains("type=\"date\""))
            let fields = [
                ("credit_code", MasterFiles.school), ("day", "2026-12-25"), ("kind", "停餐"), ("note", ""),
            ]
            let wrong = try await client.submit(
                "/registry/register/meal-days", as: county, fields.map { ($0.0, $0.0 == "kind" ? "放假" : $0.1) })
            #expect(wrong.status == .unprocessableContent && wrong.text.contains("停餐、供餐"))
            let saved = try await client.submit("/registry/register/meal-days", as: county, fields)
            #expect(saved.status == .seeOther)
            let location = try #require(saved.headers[.location])
            let row = try await client.page(location, as: county)
            #expect(row.text.contains("2026-12-25") && row.text.contains("_version"))
            let stale = try await client.submit(location, as: county, fields + [("_version", "\"old\"")])
            #expect(stale.status == .preconditionFailed && stale.text.contains("已被他人修改"))
            let upload = try await client.upload(
                "/registry/register/meal-days/import", as: county, [],
                files: [
                    (
                        "file", "days.csv", "text/csv",
                        Array("统一社会信用代码,日期,类型,说明\n\(MasterFiles.school),2026-13-01,停餐,\n".utf8)
                    )
                ])
            #expect(upload.text.contains("date_format") && upload.text.contains("拒绝 1 行"))
        }
    }
}
