import Calendar
import Contracts
import Testing

@testable import RegistryService

/// Words, dates and cells as clerks write them.
struct ClerkValueTests {
    @Test(arguments: [
        ("2021-06-01", "2021-06-01"), ("2021/06/01", "2021-06-01"), ("2021/6/1", "2021-06-01"),
        ("2024/02/29", "2024-02-29"),
    ])
    func dates(_ text: String, _ iso: String) throws {
        #expect(try ClerkDate.parse(text, column: "c").iso == iso)
    }

    @Test(arguments: [
        "", "2021-6-1", "20210601", "2021.06.01", "2021年6月1日", "2023-02-29", "2021-13-01", "01/06/2021", "2021/06-01",
        "44348", "0206-09-14", "２０２１-06-01", "2021-06-01 ", "2021/006/1",
    ])
    func brokenDates(_ text: String) {
        #expect { try ClerkDate.parse(text, column: "c") } throws: { ($0 as? ValueFault)?.code == .dateFormat }
    }

    @Test(arguments: [
        ("食品仓库", ZoneCode.z1), ("粗加工制作区", .z2), ("烹饪区", .z3), ("专间备餐间", .z4), ("专间、备餐间", .z4), ("专间/备餐间", .z4),
        ("备餐间", .z4), ("预进间", .z4), ("餐用具洗消区", .z5), ("面点间", .z6), ("其他", .z9), ("其他（收餐口）", .z9),
    ])
    func zones(_ text: String, _ code: ZoneCode) throws {
        let zone = try ZoneName(text, column: "c")
        #expect(zone.code == code)
        #expect(zone.isAnteroom == (text == "预进间"))
    }

    @Test(arguments: ["更衣室", "女更衣室", "卫生间", "员工宿舍", "厕所", "其他（更衣室）"])
    func privatePlaces(_ text: String) {
        #expect { try ZoneName(text, column: "c") } throws: { ($0 as? ValueFault)?.code == .zoneForbidden }
    }

    @Test func unknownZone() {
        #expect { try ZoneName("大门口", column: "c") } throws: { ($0 as? ValueFault)?.code == .zoneUnknown }
    }

    @Test(arguments: [
        "食品仓库、粗加工制作区、烹饪区、专间备餐间、餐用具洗消区", "食品仓库、粗加工制作区、烹饪区、专间、备餐间、餐用具洗消区",
        "烹饪区，食品仓库,粗加工制作区；专间 备餐间/餐用具洗消区",
    ])
    func zoneLists(_ text: String) throws {
        #expect(try ZoneName.list(text, column: "c") == [.z1, .z2, .z3, .z4, .z5])
    }

    @Test(arguments: ["", "、", "更衣室、烹饪区"])
    func brokenZoneLists(_ text: String) {
        #expect(throws: ValueFault.self) { try ZoneName.list(text, column: "c") }
    }

    @Test(arguments: [
        ("=1+1", FaultCode.formulaCell), ("=\"JY34407840000015\"", .formulaCell), ("+SUM(A1)", .formulaCell),
        ("-1", .formulaCell),
        ("@x", .formulaCell), ("4.40784E+19", .scientificNotation), ("a\u{7}b", .controlCharacter),
        ("a\nb", .controlCharacter),
    ])
    func cellsThatNoColumnMayHold(_ text: String, _ code: FaultCode) {
        #expect(CellRule.fault(text, column: "c")?.code == code)
    }

    @Test(arguments: ["", "JY34407840000015", "2021-06-01", "第一食堂", "ENERGY+"])
    func ordinaryCells(_ text: String) {
        #expect(CellRule.fault(text, column: "c") == nil)
    }

    @Test func cellsAreTrimmedOfAllKindsOfSpace() {
        #expect(CellRule.trimmed("\u{3000} 第一 食堂\u{a0}\t") == "第一 食堂")
    }

    @Test(arguments: ["ab", "Abc", "1abc", "a b c", "张三", "a@b", String(repeating: "a", count: 33)])
    func brokenLogins(_ text: String) {
        #expect { try LoginName.read(text, column: "c") } throws: { ($0 as? ValueFault)?.code == .loginFormat }
    }
}
