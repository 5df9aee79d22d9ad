import Contracts
import Foundation
import TestSupport

@testable import RegistryService

/// A small city with everything in it: two certified and one uncertified caterer, schools, contracts, people, training.
enum MasterFiles {
    static let caterer = "JY24407030009004"
    static let plainCaterer = "JY24407030009012"
    static let outsideCaterer = "JY24401060000772"
    static let outsideCode = "91440100700000028E"
    static let catererCode = "914407039000000067"
    static let plainCatererCode = "9144070370000001XQ"
    static let school = "12440703700000036Q"
    static let licence = "JY34407030001012"
    static let branchLicence = "JY34407030001029"

    static let townships = [
        "township_code,township_name,division_code,division_name", "440703002,白沙街道,440703,蓬江区",
        "440705450,圭峰区,440705,新会区",
    ]

    private static let rosterHeader =
        ImportRuleTests.header
        + ",跨区划已核实,主管部门说明,主管级别,域外监管机构,域外联系方式,共用许可证说明,经营状态,状态原因,状态起始日期,并入食堂许可证编号,指定监管所,指定监管所理由,纬度,经度,坐标系,许可申请日期"

    /// Cells of a faultless school canteen, by column.
    static let canteen: [String: String] = [
        "学校名称": "蓬江区示例小学", "学校类型": "小学", "主管部门": "教育", "市直": "否", "统一社会信用代码": school, "行政区划代码": "440703",
        "镇街": "白沙街道", "食堂名称": "第一食堂", "食品经营许可证编号": licence, "发证日期": "2023-03-02", "有效期至": "2028-03-01",
        "用餐人数": "600", "供餐方式": "自营", "操作区域": "食品仓库、烹饪区、专间备餐间",
    ]

    static func roster(_ lines: [[String: String]]) -> [String] {
        [rosterHeader]
            + lines.map { changes in
                let cells = canteen.merging(changes) { $1 }
                return rosterHeader.split(separator: ",").map { cells[String($0)] ?? "" }.joined(separator: ",")
            }
    }

    static func caterer(_ name: String, _ code: String, _ licence: String, _ more: [String: String] = [:])
        -> [String: String]
    {
        [
            "学校名称": name, "学校类型": "集体用餐配送单位", "主管部门": "市场监管", "统一社会信用代码": code, "镇街": "",
            "食堂名称": "中央厨房", "食品经营许可证编号": licence, "供餐方式": "集体配送",
        ].merging(more) { $1 }
    }

    static let wholeRoster = roster([
        caterer("示例配送甲", catererCode, caterer),
        caterer("示例配送乙", plainCatererCode, plainCaterer),
        caterer(
            "广州示例配送", outsideCode, outsideCaterer,
            ["行政区划代码": "440106", "域外监管机构": "广州市天河区市场监督管理局", "域外联系方式": "020-12345"]),
        ["纬度": "22.605312", "经度": "113.072941", "坐标系": "GCJ-02"],
        ["食堂名称": "分餐点", "共用许可证说明": "同一厨房的分餐点", "用餐人数": "80"],
        ["食堂名称": "第二食堂", "食品经营许可证编号": branchLicence, "供餐方式": "校外供餐", "供餐单位许可证编号": caterer],
        [
            "食堂名称": "旧食堂", "食品经营许可证编号": "JY34407030001037", "经营状态": "合并", "状态原因": "并入第一食堂", "状态起始日期": "2026-09-01",
            "并入食堂许可证编号": licence, "指定监管所": "蓬江区市场监督管理局潮连监管所", "指定监管所理由": "临时划转",
        ],
        ["食堂名称": "新建食堂", "食品经营许可证编号": "", "发证日期": "", "有效期至": "", "许可申请日期": "2026-11-02"],
    ])

    static let licences = [
        "食品经营许可证编号,统一社会信用代码,食堂名称,发证日期,有效期至,许可证状态,决定日期,经营项目,核实方式",
        "\(licence),\(school),第一食堂,2023-03-02,2028-03-01,10,,热食类食品制售,窗口核对原件",
        "JY34407030000010,\(school),第一食堂,2018-03-02,2023-03-01,注销,2023-03-01,,",
        "\(caterer),\(catererCode),中央厨房,2023-03-02,2028-03-01,有效,,集体用餐配送、热食类,",
    ]
    static let certificates = [
        "统一社会信用代码,认证类型,证书编号,发证机构,有效期自,有效期至",
        "\(catererCode),IS0 22000,CN-22000-1,示例认证中心,2025-01-01,2027-12-31",
        "\(catererCode),haccp,CN-H-1,示例认证中心,2025-01-01,2026-06-30",
    ]
    static let contracts = [
        "合同编号,统一社会信用代码,食堂名称,供餐单位许可证编号,开始日期,结束日期,餐次,用餐人数,选用理由,终止日期,终止原因",
        "HT-1,\(school),第二食堂,\(caterer),2026-09-01,2026-12-31,晚餐、午餐,600,,,",
        "HT-0,\(school),第二食堂,\(plainCaterer),2026-02-01,2026-07-31,午餐,600,距离最近,,",
        "HT-2,\(school),第二食堂,\(plainCaterer),2027-01-01,,午餐,600,距离最近,,",
    ]
    static let terms = [
        "统一社会信用代码,学期,开始日期,结束日期", "\(school),2026-2027学年第一学期,2026-09-01,2027-01-22",
        "\(school),2026-2027学年第二学期,2027-02-22,2027-07-09",
    ]
    static let mealDays = ["统一社会信用代码,日期,类型,说明", "\(school),2026-11-13,停餐,运动会", "\(school),2026-11-21,供餐,补课"]
    static let staff = [
        "姓名,登录名,角色,机构,学校,任职日期,离任日期", "示例城监,city.msa,市级监管人员,江门市市场监督管理局,,2026-01-01,",
        "示例县监,county.msa,县级监管人员,蓬江区市场监督管理局,,2026-01-01,",
        "示例所员,baisha.officer,监管所执法人员,蓬江区市场监督管理局白沙监管所,,2026-01-01,2026-12-31",
        "示例校长,head.one,校长,,\(school),2026-01-01,", "示例操作,operator.one,平台操作员,,\(school),2026-01-01,",
    ]
    static let duties = [
        "统一社会信用代码,食堂名称,职责,姓名,登录名,任职日期,离任日期", "\(school),,校长,示例校长,head.one,2026-01-01,",
        "\(school),第一食堂,食品安全员,示例甲,,2026-01-01,", "\(school),,视频存储专人,示例甲,,2026-01-01,2026-06-30",
    ]
    static let training = [
        "培训编号,培训计划,主题,培训对象,组织机构,组织单位信用代码,举办日期,学时,合格分数",
        "PX-1,2026年度,平台操作,平台操作人员,蓬江区市场监督管理局,,2026-10-20,4,60", "PX-2,,线上巡查,监管人员,江门市市场监督管理局,,2026-10-21,8,",
        "PX-3,,食品安全,食品安全管理人员,,\(school),2026-12-01,2,",
    ]
    static let attendance = [
        "培训编号,登录名,统一社会信用代码,姓名,成绩", "PX-1,operator.one,,,85", "PX-2,county.msa,,,", "PX-2,baisha.officer,,,",
        "PX-1,,\(school),示例甲,40",
    ]
    static let cameras = [
        "食品经营许可证编号,摄像头名称,区域,国标编码,启用日期,食堂名称,统一社会信用代码",
        "\(licence),蓬江示例-烹饪区-01,烹饪区,44070300111327000001,2026-10-10,第一食堂,",
        "\(licence),蓬江示例-预进间-01,预进间,44070300111327000002,2026-10-10,第一食堂,",
        "\(licence),蓬江示例-分餐点-其他-01,其他,44070300111327000003,2026-10-10,分餐点,",
        ",蓬江示例-新建食堂-烹饪区-01,烹饪区,44070300111327000004,2026-11-20,新建食堂,\(school)",
    ]

    static func all() throws -> ImportFiles {
        ImportFiles(
            townships: try RegistryTest.file(townships), organs: RegistryTest.demoFile("organs.csv"),
            stations: RegistryTest.demoFile("stations.csv"), roster: try RegistryTest.file(wholeRoster),
            licences: try RegistryTest.file(licences), certificates: try RegistryTest.file(certificates),
            contracts: try RegistryTest.file(contracts), terms: try RegistryTest.file(terms),
            mealDays: try RegistryTest.file(mealDays), cameras: try RegistryTest.file(cameras),
            staff: try RegistryTest.file(staff), duties: try RegistryTest.file(duties),
            training: try RegistryTest.file(training), attendance: try RegistryTest.file(attendance))
    }

    /// Everything imported; a fault is a failure of the test.
    static func importAll(_ client: ServiceClient) async throws -> ImportReport {
        try await RegistryTest.importFiles(try all(), client)
    }
}
