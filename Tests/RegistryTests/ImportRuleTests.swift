import Calendar
import Contracts
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

/// Single rules of the import against a real database.
struct ImportRuleTests {
    static let header =
        "学校名称,学校类型,主管部门,市直,统一社会信用代码,行政区划代码,镇街,食堂名称,食品经营许可证编号,发证日期,有效期至,用餐人数,供餐方式,供餐单位许可证编号,操作区域"

    /// A faultless line; single cells are replaced by column name.
    static func line(_ changes: [String: String] = [:]) -> String {
        let names = header.split(separator: ",").map(String.init)
        var cells = [
            "鹤山市雅瑶镇示例初级中学", "初级中学", "教育", "否", "1244078470000001X8", "440784", "雅瑶镇", "第一食堂", "JY34407840001018",
            "2022-04-06",
            "2027-04-05", "760", "自营", "", "食品仓库、烹饪区",
        ]
        for (name, value) in changes {
            if let index = names.firstIndex(of: name) { cells[index] = value }
        }
        return cells.joined(separator: ",")
    }

    /// Codes of the faults of a roster of these lines.
    private func refused(_ lines: [String], _ client: ServiceClient) async throws -> [String] {
        let path = try RegistryTest.file([Self.header] + lines)
        let report = try await RegistryTest.importFiles(ImportFiles(roster: path), client)
        return report.files[0].faults.map { "\($0.line ?? 0) \($0.column ?? "") \($0.code.rawValue)" }
    }

    @Test func everyRuleOfTheRosterSpeaks() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            let cases: [([String: String], String)] = [
                (["学校名称": ""], "学校名称 value_missing"),
                (["学校名称": String(repeating: "长", count: 101)], "学校名称 value_too_long"),
                (["学校类型": "夜校"], "学校类型 school_type_unknown"),
                (["主管部门": "公安"], "主管部门 department_unknown"),
                (["市直": "Y"], "市直 yes_or_no"),
                (["统一社会信用代码": "911101083103521997"], "统一社会信用代码 uscc_check_digit"),
                (["统一社会信用代码": "1.24408E+17"], "统一社会信用代码 scientific_notation"),
                (["镇街": "圭峰区"], "镇街 township_unknown"),
                (["食堂名称": "=HYPERLINK(1)"], "食堂名称 formula_cell"),
                (["食品经营许可证编号": "JY34407840001019"], "食品经营许可证编号 licence_check_digit"),
                (["食品经营许可证编号": "JY34407030000010"], "食品经营许可证编号 licence_division_mismatch"),
                (["发证日期": "2026-11-24"], "发证日期 date_in_future"),
                (["发证日期": "2022年4月6日"], "发证日期 date_format"),
                (["有效期至": "2022-04-06"], "有效期至 date_order"),
                (["用餐人数": "很多"], "用餐人数 number_range"),
                (["用餐人数": "100001"], "用餐人数 number_range"),
                (["供餐方式": "外卖"], "供餐方式 serving_mode_unknown"),
                (["供餐方式": "校外供餐"], "供餐单位许可证编号 caterer_required"),
                (["供餐单位许可证编号": "JY24407030009004"], "供餐单位许可证编号 caterer_unexpected"),
                (["供餐方式": "校外供餐", "供餐单位许可证编号": "JY24407030009004"], "供餐单位许可证编号 caterer_unknown"),
                (["操作区域": "烹饪区、更衣室"], "操作区域 zone_forbidden"),
                (["操作区域": "大门"], "操作区域 zone_unknown"),
                (["学校类型": "集体用餐配送单位", "主管部门": "市场监管"], "食品经营许可证编号 licence_form"),
                (["主管部门": "人社"], "主管部门 department_reason_missing"),
            ]
            for (change, expected) in cases {
                #expect(try await refused([Self.line(change)], client) == ["2 \(expected)"], "\(change)")
            }
            for division in ["440782", "440700", "440706", "440702", "440701", "44078", "abc"] {
                #expect(
                    try await refused([Self.line(["行政区划代码": division])], client)
                        == ["2 行政区划代码 division_unknown", "2 食品经营许可证编号 licence_division_mismatch"])
            }
            #expect(try await RegistryTest.eventCounts(client)[CanteenRegistered.type] == nil)
            // Several faults of one line are all told.
            #expect(
                try await refused([Self.line(["市直": "", "用餐人数": "-3", "供餐方式": "外卖"])], client)
                    == ["2 用餐人数 formula_cell"])
            #expect(
                try await refused([Self.line(["市直": "", "用餐人数": "x", "供餐方式": "外卖"])], client)
                    == ["2 市直 value_missing", "2 用餐人数 number_range", "2 供餐方式 serving_mode_unknown"])
        }
    }

    /// Art 5: a kitchen is registered before its licence; a caterer never is, and a licence once there does not go away.
    @Test func aLicenceIsWholeOrAbsent() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            let none = ["食品经营许可证编号": "", "发证日期": "", "有效期至": ""]
            #expect(
                try await refused([Self.line(["食品经营许可证编号": ""])], client) == ["2 食品经营许可证编号 value_missing"])
            #expect(
                try await refused([Self.line(["发证日期": "", "有效期至": ""])], client)
                    == ["2 发证日期 value_missing", "2 有效期至 value_missing"])
            let caterer = none.merging(["学校类型": "集体用餐配送单位", "主管部门": "市场监管", "供餐方式": "集体配送"]) { $1 }
            #expect(
                try await refused([Self.line(caterer)], client).filter { $0.hasSuffix("value_missing") }.sorted()
                    == ["2 发证日期 value_missing", "2 有效期至 value_missing", "2 食品经营许可证编号 value_missing"])
            #expect(try await refused([Self.line(none)], client) == [])
            #expect(try await RegistryTest.eventCounts(client)[CanteenPlanned.type] == 1)
            #expect(try await RegistryTest.eventCounts(client)[CanteenRegistered.type] == nil)
            #expect(try await refused([Self.line()], client) == [])
            #expect(try await RegistryTest.eventCounts(client)[CanteenRegistered.type] == 1)
            #expect(try await refused([Self.line(none)], client) == ["2 食品经营许可证编号 licence_held"])
            let future = try RegistryTest.file([Self.header + ",许可申请日期", Self.line(none) + ",2026-11-24"])
            let report = try await RegistryTest.importFiles(ImportFiles(roster: future), client)
            #expect(report.files[0].faults.map(\.code) == [.dateInFuture])
        }
    }

    @Test func linesThatContradictEachOther() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            let other = ["统一社会信用代码": "124407847000000288", "学校名称": "另一学校"]
            #expect(
                try await refused([Self.line(), Self.line(other)], client)
                    == ["3 食品经营许可证编号 licence_taken"])
            // Registered by now: also taken for a file that does not repeat the first line.
            #expect(try await refused([Self.line(other)], client) == ["2 食品经营许可证编号 licence_taken"])
            #expect(
                try await refused([Self.line(), Self.line(["用餐人数": "1"])], client)
                    == ["3 食品经营许可证编号 licence_taken"])
            #expect(
                try await refused(
                    [Self.line(), Self.line(["食堂名称": "第二食堂", "食品经营许可证编号": "JY34407840000015", "市直": "是"])], client)
                    == ["3 统一社会信用代码 institution_conflict"])
            #expect(
                try await refused([Self.line(), Self.line(["食品经营许可证编号": "JY34407840000015"])], client)
                    == ["3 食堂名称 duplicate_key"])
        }
    }

    @Test func anotherDivisionInTheLicenceNeedsAPersonsWord() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            let path = try RegistryTest.file([
                Self.header + ",跨区划已核实", Self.line(["食品经营许可证编号": "JY34407030000010"]) + ",是",
            ])
            #expect(try await RegistryTest.importFiles(ImportFiles(roster: path), client).isComplete)
        }
    }

    @Test func theCatererMayComeLaterInTheFile() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            let caterer = Self.line([
                "学校名称": "配送中心", "学校类型": "集体用餐配送单位", "主管部门": "市场监管", "统一社会信用代码": "914407039000000067",
                "行政区划代码": "440703", "镇街": "", "食品经营许可证编号": "JY24407030009004", "供餐方式": "集体配送",
            ])
            #expect(
                try await refused(
                    [Self.line(["供餐方式": "校外供餐", "供餐单位许可证编号": "JY24407030009004"]), caterer], client) == [])
            #expect(try await RegistryTest.eventCounts(client)[CanteenRegistered.type] == 2)
        }
    }

    @Test func changedFactsArePublishedForEveryCanteenOfTheSchool() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            let second = ["食堂名称": "第二食堂", "食品经营许可证编号": "JY34407840000015"]
            #expect(try await refused([Self.line(), Self.line(second)], client) == [])
            // One canteen's own fact.
            #expect(try await refused([Self.line(["用餐人数": "800"]), Self.line(second)], client) == [])
            #expect(try await RegistryTest.eventCounts(client)[CanteenChanged.type] == 1)
            // The school's name, told with one of its canteens only.
            #expect(try await refused([Self.line(["用餐人数": "800", "学校名称": "改名学校"])], client) == [])
            #expect(try await RegistryTest.eventCounts(client)[CanteenChanged.type] == 3)
            let sibling = try await RegistryTest.canteen(licence: "JY34407840000015", client)
            #expect(sibling.institution.name == "改名学校")
            // A renewal: new number, same canteen.
            let renewed = [
                "用餐人数": "800", "学校名称": "改名学校", "食品经营许可证编号": "JY34407840001026", "发证日期": "2026-11-01",
                "有效期至": "2031-10-31",
            ]
            let before = try await RegistryTest.canteen(licence: "JY34407840001018", client)
            #expect(try await refused([Self.line(renewed)], client) == [])
            #expect(try await RegistryTest.canteen(licence: "JY34407840001026", client).id == before.id)
        }
    }

    @Test func columnsInAnyOrderAndNamedFaultsOfTheHeader() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            let names = Self.header.split(separator: ",").map(String.init)
            let cells = Self.line().split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let shuffled = zip(names, cells).reversed()
            let path = try RegistryTest.file([
                shuffled.map { "\"\($0.0)\"" }.joined(separator: ","), shuffled.map(\.1).joined(separator: ","),
            ])
            #expect(try await RegistryTest.importFiles(ImportFiles(roster: path), client).files[0].added == 1)

            func headerFaults(_ text: String) async throws -> [String] {
                let report = try await RegistryTest.importFiles(
                    ImportFiles(roster: try RegistryTest.file([text])), client)
                return report.files[0].faults.map { "\($0.code.rawValue) \($0.value)" }
            }
            #expect(try await headerFaults(names.dropLast().joined(separator: ",")) == ["column_missing 操作区域"])
            #expect(try await headerFaults(Self.header + ",备注") == ["column_unknown 备注"])
            #expect(try await headerFaults(Self.header + ",市直") == ["column_repeated 市直"])
            #expect(try await headerFaults("a,b,c") == ["encoding_unknown "])
            #expect(try await headerFaults("") == ["header_missing "])
            let missing = try await RegistryTest.importFiles(ImportFiles(roster: "/no/such/file.csv"), client)
            #expect(missing.files[0].faults.map(\.code) == [.fileUnreadable])
        }
    }

    @Test func brokenFilesCostTheirBrokenLinesOnly() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            var bytes = Array((Self.header + "\n").utf8)
            bytes += Array("只有,三,列\n".utf8)
            bytes += [0xff, 0xfe, 0x41] + Array(",\n".utf8)
            bytes += Array((Self.line(["学校名称": "引\"号"]) + "\n").utf8)
            bytes += Array((Self.line(["学校名称": "\"没有闭合"]) + "\n").utf8)
            bytes += [UInt8](repeating: 0x61, count: 10 << 20) + [0x0a]
            bytes += Array((Self.line() + "\n").utf8)
            let report = try await RegistryTest.importFiles(
                ImportFiles(roster: try RegistryTest.file(bytes)), client)
            #expect(
                report.files[0].faults.map { "\($0.line ?? 0) \($0.code.rawValue)" } == [
                    "2 column_count", "3 encoding_broken", "4 quote_malformed", "5 quote_open", "6 line_too_long",
                ])
            #expect(report.files[0].added == 1)
        }
    }

    @Test func aCameraThatLooksElsewhereGoesBackToPending() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let id = "44078400111327000001"
            try await client.pool.execute("UPDATE camera SET status = 'active' WHERE gb_id = \(id)")
            let header = "食品经营许可证编号,摄像头名称,区域,国标编码,启用日期"
            let same = "JY34407840001018,鹤山市雅瑶镇示例初级中学-第一食堂-食品仓库-01,食品仓库,\(id),2022/3/31"
            let unchanged = try await RegistryTest.importFiles(
                ImportFiles(cameras: try RegistryTest.file([header, same])), client)
            #expect(unchanged.files[0].unchanged == 1)
            #expect(try await RegistryTest.camera(gbId: id, client).status == .active)
            let moved = same.replacing(",食品仓库,", with: ",预进间,")
            let changed = try await RegistryTest.importFiles(
                ImportFiles(cameras: try RegistryTest.file([header, moved])), client)
            #expect(changed.files[0].changed == 1)
            let camera = try await RegistryTest.camera(gbId: id, client)
            #expect(camera.status == .pending)
            #expect(camera.zone == .z4 && camera.isAnteroom)
            // Another canteen's camera keeps its id; the division must be the canteen's.
            let wrong = [
                "JY34407840001026,别处-食堂-烹饪区-01,烹饪区,\(id),2022-03-31",
                "JY34407840001026,别处-食堂-烹饪区-02,烹饪区,44070300111327000999,2022-03-31",
                "JY34407840001026,别处-食堂-男更衣室-03,烹饪区,44078400111327000998,2022-03-31",
            ]
            let refused = try await RegistryTest.importFiles(
                ImportFiles(cameras: try RegistryTest.file([header] + wrong)), client)
            #expect(refused.files[0].faults.map(\.code) == [.gbIdTaken, .gbIdDivision, .zoneForbidden])
        }
    }

    @Test func aTownshipThatMovesToAnotherStationMovesItsCanteens() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let header = "机构名称,上级机构,行政区划代码,镇街"
            let parent = "鹤山市市场监督管理局,440784"
            let stolen = try await RegistryTest.importFiles(
                ImportFiles(stations: try RegistryTest.file([header, "新所,\(parent),雅瑶镇"])), client)
            #expect(stolen.files[0].faults.map(\.code) == [.townshipTaken])
            let moved = try await RegistryTest.importFiles(
                ImportFiles(
                    stations: try RegistryTest.file([
                        header, "鹤山市市场监督管理局沙坪监管所,\(parent),沙坪街道、龙口镇、古劳镇、桃源镇", "新所,\(parent),雅瑶镇",
                    ])), client)
            #expect(moved.isComplete)
            let canteen = try await RegistryTest.canteen(licence: "JY34407840001018", client)
            #expect(canteen.assignment.station == (try await RegistryTest.organ("新所", client).id))
            #expect(try await RegistryTest.eventCounts(client)[CanteenChanged.type] == 1)
        }
    }

    @Test func organsNeedASeatOfTheirOwn() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            let header = "机构名称,部门,级别,行政区划代码,上级机构"
            let report = try await RegistryTest.importFiles(
                ImportFiles(
                    organs: try RegistryTest.file([
                        header, "第二教育局,教育,县级,440784,江门市教育局", "某所,市场监管,基层所,440784,鹤山市市场监督管理局", "某局,教育,县级,440700,江门市教育局",
                        "某局二,教育,县级,440799,无此机构", "某局三,教育,县级,440799,",
                    ])), client)
            #expect(
                report.files[0].faults.map(\.code) == [
                    .organConflict, .levelUnknown, .divisionFormat, .organUnknown, .valueMissing,
                ])
        }
    }

    /// Any organs file makes a city: no division of Jiangmen is in the code.
    @Test func anotherCityFromFiles() async throws {
        try await RegistryTest.run { client in
            let organs = try RegistryTest.file([
                "上级机构,行政区划代码,级别,部门,机构名称", "甲市市场监管局,330102,县级,市场监管,甲区市场监管局", ",330100,市级,市场监管,甲市市场监管局",
            ])
            let check = ModCheck.digit11x10([3, 3, 3, 0, 1, 0, 2, 0, 0, 0, 0, 0, 1])
            let roster = try RegistryTest.file([
                Self.header, Self.line(["行政区划代码": "330102", "食品经营许可证编号": "JY3330102000001\(check)"]),
            ])
            let report = try await RegistryTest.importFiles(ImportFiles(organs: organs, roster: roster), client)
            #expect(report.isComplete, "\(report.files.flatMap(\.faults).map(\.chinese))")
            #expect(report.files.map(\.added) == [2, 1])
        }
    }
}
