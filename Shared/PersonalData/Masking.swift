/// Masking by audience 脱敏: subject and keeper see the whole value, a supervisor the name and the masked number, everyone
/// else the surname only (domain §5.2).
public enum Masking {
    /// Surnames of two characters that are still common. With any other name the first character is the surname.
    private static let compoundSurnames: Set<String> = [
        "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "夏侯", "诸葛", "尉迟", "皇甫", "赫连", "澹台", "公孙", "令狐",
        "慕容", "宇文", "长孙", "司徒", "司空", "轩辕", "申屠", "呼延", "钟离", "闻人", "东郭", "西门", "拓跋", "百里",
    ]

    public static func name(_ name: String, for audience: PersonalDataAudience) -> String {
        audience == .everyone ? masked(name: name) : name
    }

    /// nil: this audience sees no number at all.
    public static func mobileNumber(_ number: String, for audience: PersonalDataAudience) -> String? {
        switch audience {
        case .subject, .keeper: number
        case .supervisor: masked(mobileNumber: number)
        case .everyone: nil
        }
    }

    /// 张三丰 → 张*, 欧阳修 → 欧阳*. Always one star: the length of a name tells something, too.
    public static func masked(name: String) -> String {
        let first = String(name.prefix(2))
        return (name.count > 2 && compoundSurnames.contains(first) ? first : String(name.prefix(1))) + "*"
    }

    /// 13812341234 → 138****1234. Anything that has not 11 characters is hidden whole.
    public static func masked(mobileNumber: String) -> String {
        guard mobileNumber.count == 11 else { return "****" }
        return mobileNumber.prefix(3) + "****" + mobileNumber.suffix(4)
    }
}
