import Calendar
import Contracts

/// The wording of an automatic bulletin. A bulletin is an official document: Chinese, whatever the reader's language.
enum BulletinText {
    static func facts(_ problem: ProblemFound, canteen: Canteen) -> String {
        let direct = canteen.cityDirect ? "（市直学校）" : ""
        return "\(CivilText.chinese(problem.foundAt))，\(origin(problem.origin))发现\(canteen.schoolName)\(direct)"
            + "\(canteen.name)\(zone(problem.zone))存在问题：\(problem.itemText)（检查项 \(problem.itemCode)，"
            + "\(severity(problem.severity))）。现场情况：\(sentence(problem.description))"
            + (problem.evidence.isEmpty ? "" : "已固定证据 \(problem.evidence.count) 份。")
            + (problem.recurrenceOf == nil ? "" : "该检查项的问题在 90 日内办结后再次发生。")
    }

    static func requirement(_ problem: ProblemFound) -> String {
        "请督促该校查明原因，落实整改和预防措施，于 \(CivilText.chinese(problem.rectifyBy)) 前完成整改并通过平台提交整改情况。"
    }

    static func facts(_ overdue: AccessOverdue, canteen: Canteen) -> String {
        let direct = canteen.cityDirect ? "（市直学校）" : ""
        let reason = overdue.specialReason == nil ? "" : "该校登记了特殊原因，按规定不延长期限。"
        return "\(canteen.schoolName)\(direct)\(canteen.name)于 \(date(overdue.licenceIssuedOn)) 取得食品经营许可证"
            + "（\(overdue.licenceNumber)），应当在 \(overdue.workingDays) 个工作日内、即 \(date(overdue.deadline)) 前完成平台接入，"
            + "至今未完成。" + reason + "市场监督管理部门将增加对该食堂的监督检查频次。"
    }

    static func facts(_ late: ProblemOverdue, _ problem: ProblemFound?, canteen: Canteen) -> String {
        let direct = canteen.cityDirect ? "（市直学校）" : ""
        let what =
            problem.map { "“\($0.itemText)”（检查项 \($0.itemCode)，\(severity(late.severity))）" } ?? severity(late.severity)
        return "\(canteen.schoolName)\(direct)\(canteen.name)的食品安全问题\(what)应当于 "
            + "\(CivilText.chinese(late.rectifyBy)) 前完成整改，至今未提交整改情况，已逾期。"
            + (problem.map { "现场情况：\(sentence($0.description))" } ?? "")
    }

    static let overdueRequirement = "请责令该校立即整改并查明逾期原因，通过平台提交整改情况，并答复督促结果。"

    static let accessRequirement = "请督促该校尽快完成“互联网+明厨亮灶”平台接入，并通过平台反馈办理情况。"

    private static func date(_ date: LocalDate) -> String { "\(date.year) 年 \(date.month) 月 \(date.day) 日" }

    static func zone(_ zone: ZoneCode) -> String {
        switch zone {
        case .z1: "食品仓库"
        case .z2: "粗加工制作区"
        case .z3: "烹饪区"
        case .z4: "专间、备餐间"
        case .z5: "餐用具洗消区"
        case .z6: "面点间"
        case .z9: "其他区域"
        }
    }

    static func severity(_ severity: Int) -> String {
        switch severity {
        case 1: "一类，严重"
        case 2: "二类，较重"
        default: "三类，一般"
        }
    }

    private static func sentence(_ text: String) -> String {
        text.last.map { "。！？.!?".contains($0) } ?? true ? text : text + "。"
    }

    private static func origin(_ origin: ProblemOrigin) -> String {
        switch origin {
        case .patrol: "线上巡查"
        case .selfCheck: "学校自查"
        case .parent: "家长反馈"
        case .aiAlert: "智能告警核实"
        case .complaint: "投诉举报"
        case .catererCheck: "供餐单位检查"
        }
    }
}
