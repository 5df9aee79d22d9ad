import Contracts

/// Names of kitchen zones as clerks write them → zone groups of art 7 (domain §7.1).
///
/// Separators inside a name do not matter: `专间备餐间`, `专间、备餐间` and `专间/备餐间` are one group.
public struct ZoneName: Hashable, Sendable {
    public static let allowed = "食品仓库、粗加工制作区、烹饪区、专间备餐间（专间、备餐间、预进间）、餐用具洗消区、面点间、其他（说明）"
    /// Places where no camera may be (公共安全视频图像信息系统管理条例 art 8).
    static let forbidden = ["更衣", "卫生间", "厕所", "洗手间", "浴室", "淋浴", "宿舍", "哺乳室", "母婴室"]
    static let separators: Set<Character> = [
        "、", "，", ",", "；", ";", "/", "／", "|", "｜", " ", "\u{3000}", "\t", "与", "和", "及",
    ]

    private static let codes: [String: ZoneCode] = [
        "食品仓库": .z1, "仓库": .z1, "库房": .z1, "食品库房": .z1,
        "粗加工制作区": .z2, "粗加工区": .z2, "粗加工": .z2, "粗加工间": .z2,
        "烹饪区": .z3, "烹饪间": .z3, "烹调区": .z3, "烹饪": .z3,
        "专间备餐间": .z4, "备餐间专间": .z4, "专间": .z4, "备餐间": .z4, "备餐区": .z4, "预进间": .z4,
        "餐用具洗消区": .z5, "洗消区": .z5, "洗消间": .z5, "餐具洗消区": .z5, "餐用具清洗消毒区": .z5,
        "面点间": .z6, "面点区": .z6, "面点制作间": .z6,
        "其他": .z9, "其它": .z9,
    ]

    public let code: ZoneCode
    /// 预进间, where staff change clothes: never shown to parents, needs a privacy statement.
    public let isAnteroom: Bool

    /// Reads one zone.
    public init(_ text: String, column: String) throws(ValueFault) {
        if Self.forbidden.contains(where: text.contains) {
            throw ValueFault(
                .zoneForbidden, column: column, value: text, allowed: "更衣室、卫生间、宿舍等私密场所不得安装摄像头；可填：\(Self.allowed)")
        }
        let joined = String(text.filter { !Self.separators.contains($0) })
        if let code = Self.codes[joined] {
            self.code = code
        } else if joined.hasPrefix("其他") || joined.hasPrefix("其它") {
            code = .z9
        } else {
            throw ValueFault(.zoneUnknown, column: column, value: text, allowed: Self.allowed)
        }
        isAnteroom = joined == "预进间"
    }

    /// Reads a list such as `食品仓库、粗加工制作区、专间备餐间`; the answer is in the order of the notice, each group once.
    public static func list(_ text: String, column: String) throws(ValueFault) -> [ZoneCode] {
        var found: Set<ZoneCode> = []
        for part in text.split(whereSeparator: Self.separators.contains) {
            found.insert(try ZoneName(String(part), column: column).code)
        }
        guard !found.isEmpty else {
            throw ValueFault(.valueMissing, column: column, value: text, allowed: Self.allowed)
        }
        return ZoneCode.allCases.filter(found.contains)
    }
}

extension ZoneCode {
    /// Name in the notice.
    public var chinese: String {
        switch self {
        case .z1: "食品仓库"
        case .z2: "粗加工制作区"
        case .z3: "烹饪区"
        case .z4: "专间、备餐间"
        case .z5: "餐用具洗消区"
        case .z6: "面点间"
        case .z9: "其他"
        }
    }
}
