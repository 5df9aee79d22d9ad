import Calendar
import Contracts

/// Columns of the institutions-and-canteens roster.
public enum RosterColumn: String, ImportColumn {
    case schoolName = "学校名称"
    case schoolType = "学校类型"
    case department = "主管部门"
    case cityDirect = "市直"
    case creditCode = "统一社会信用代码"
    case division = "行政区划代码"
    case township = "镇街"
    case canteenName = "食堂名称"
    case licence = "食品经营许可证编号"
    case issuedOn = "发证日期"
    case validTo = "有效期至"
    case diners = "用餐人数"
    case servingMode = "供餐方式"
    case catererLicence = "供餐单位许可证编号"
    case zones = "操作区域"
    /// 是 = a person has checked that the licence was issued by another division than the canteen's.
    case divisionConfirmed = "跨区划已核实"
    /// Only where there is no licence yet.
    case licenceAppliedOn = "许可申请日期"
    case departmentReason = "主管部门说明"
    case departmentLevel = "主管级别"
    case externalOrgan = "域外监管机构"
    case externalContact = "域外联系方式"
    case branchReason = "共用许可证说明"
    case life = "经营状态"
    case lifeReason = "状态原因"
    case lifeSince = "状态起始日期"
    case mergedInto = "并入食堂许可证编号"
    case station = "指定监管所"
    case stationReason = "指定监管所理由"
    case latitude = "纬度"
    case longitude = "经度"
    case coordinateSystem = "坐标系"

    public var isRequired: Bool { self != .divisionConfirmed && !RosterExtras.columns.contains(self) }
}

/// A roster line that passed every rule that needs no database.
public struct RosterLine: ImportLine, Hashable {
    public typealias Column = RosterColumn
    public static let kind = "roster"
    /// More diners than the largest university campus would have.
    static let diners = 0...100_000

    public struct Rules: Sendable {
        public let jurisdiction: Jurisdiction
        public let today: LocalDate
    }

    public var schoolName: String
    public var type: SchoolType
    public var department: Department
    public var cityDirect: Bool
    public var creditCode: String
    public var divisionCode: String
    public var township: String?
    public var canteenName: String
    /// nil: not issued yet; then all three of its columns are empty.
    public var licence: Licence?
    public var diners: Int
    public var servingMode: ServingMode
    public var catererLicence: String?
    public var zones: [ZoneCode]
    public var extras: RosterExtras

    public static func read(_ cells: [RosterColumn: String], _ rules: Rules) -> ImportLineResult<RosterLine> {
        var reader = LineReader(cells)
        let schoolName = reader.name(.schoolName)
        let type = reader.value(.schoolType, SchoolType.read)
        let department = reader.value(.department, Department.read)
        let cityDirect = reader.yesOrNo(.cityDirect)
        let creditCode = reader.value(.creditCode, CreditCode.init)
        let extras = RosterExtras.read(&reader, cells, rules.today)
        let place = readPlace(&reader, rules.jurisdiction, type, extras)
        let canteenName = reader.name(.canteenName)
        let licence = readLicence(&reader, type, rules.today)
        let diners = reader.number(.diners, in: Self.diners)
        let servingMode = reader.value(.servingMode, ServingMode.read)
        let catererLicence = reader.optionalValue(.catererLicence, LicenceNumber.init)
        let zones = reader.value(.zones, ZoneName.list)
        checkCaterer(&reader, servingMode, catererLicence)
        checkDepartment(&reader, department, type, extras)
        guard reader.faults.isEmpty, let schoolName, let type, let department, let cityDirect, let creditCode,
            let place, let canteenName, let diners, let servingMode, let zones
        else { return .refused(reader.faults) }
        return .accepted(
            RosterLine(
                schoolName: schoolName, type: type, department: department, cityDirect: cityDirect,
                creditCode: creditCode.text, divisionCode: place.division, township: place.township,
                canteenName: canteenName, licence: licence, diners: diners,
                servingMode: servingMode, catererLicence: catererLicence?.text, zones: zones,
                extras: extras))
    }

    private static func readPlace(
        _ reader: inout LineReader<RosterColumn>, _ jurisdiction: Jurisdiction, _ type: SchoolType?,
        _ extras: RosterExtras
    ) -> (division: String, township: String?)? {
        guard let division = reader.required(.division) else { return nil }
        if type == .caterer, !jurisdiction.isDivision(division), isDivisionCode(division),
            !jurisdiction.isInLoadedCity(division)
        {
            if extras.externalOrgan != nil, extras.externalContact != nil { return (division, nil) }
            reader.note(
                ValueFault(
                    .externalContactMissing, column: RosterColumn.externalOrgan.rawValue, value: division,
                    allowed: "市外供餐单位：“域外监管机构”“域外联系方式”两列都填写；市内则填 \(jurisdiction.divisionsExplained)"))
            return nil
        }
        guard jurisdiction.isDivision(division) else {
            reader.note(
                ValueFault(
                    .divisionUnknown, column: RosterColumn.division.rawValue, value: division,
                    allowed: jurisdiction.divisionsExplained))
            return nil
        }
        guard let township = reader.optional(.township) else { return (division, nil) }
        guard jurisdiction.isTownship(township, in: division) else {
            reader.note(
                ValueFault(
                    .townshipUnknown, column: RosterColumn.township.rawValue, value: township,
                    allowed: jurisdiction.townships(in: division).joined(separator: "、")))
            return nil
        }
        return (division, township)
    }

    private static func isDivisionCode(_ text: String) -> Bool {
        text.utf8.count == 6 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } && !text.hasSuffix("00")
    }

    /// The department is stated, never derived; one that the type does not suggest needs its reason (art 4).
    private static func checkDepartment(
        _ reader: inout LineReader<RosterColumn>, _ department: Department?, _ type: SchoolType?,
        _ extras: RosterExtras
    ) {
        guard let department, let type, department != type.usualDepartment, extras.departmentReason == nil else {
            return
        }
        reader.note(
            ValueFault(
                .departmentReasonMissing, column: RosterColumn.department.rawValue, value: department.chinese,
                allowed: "\(type.chinese)通常由\(type.usualDepartment.chinese)主管；如确为\(department.chinese)，请在“主管部门说明”列填写理由")
        )
    }

    /// A kitchen may be registered, built and connected before its licence is issued (art 5): then number and days are
    /// all empty. A caterer delivers under a licence or not at all (art 13).
    private static func readLicence(
        _ reader: inout LineReader<RosterColumn>, _ type: SchoolType?, _ today: LocalDate
    ) -> Licence? {
        let columns: [RosterColumn] = [.licence, .issuedOn, .validTo]
        if type != .caterer, columns.allSatisfy({ reader.optional($0) == nil }) { return nil }
        let number = reader.value(.licence, LicenceNumber.init)
        let dates = readDates(&reader, today)
        checkLicence(&reader, number, type)
        guard let number, let dates else { return nil }
        return Licence(number: number.text, issuedOn: dates.issued, validTo: dates.validTo)
    }

    private static func readDates(
        _ reader: inout LineReader<RosterColumn>, _ today: LocalDate
    ) -> (issued: LocalDate, validTo: LocalDate)? {
        let issued = reader.value(.issuedOn, ClerkDate.parse)
        let validTo = reader.value(.validTo, ClerkDate.parse)
        if let issued, issued > today {
            reader.note(
                ValueFault(
                    .dateInFuture, column: RosterColumn.issuedOn.rawValue, value: issued.iso,
                    allowed: "不晚于今天（\(today.iso)）"))
        }
        guard let issued, let validTo else { return nil }
        guard validTo > issued else {
            reader.note(
                ValueFault(
                    .dateOrder, column: RosterColumn.validTo.rawValue, value: validTo.iso,
                    allowed: "晚于发证日期 \(issued.iso)"))
            return nil
        }
        return (issued, validTo)
    }

    /// Another division in the licence than in the line needs a person's confirmation (domain art 5), also when the
    /// line's division does not exist.
    private static func checkLicence(
        _ reader: inout LineReader<RosterColumn>, _ licence: LicenceNumber?, _ type: SchoolType?
    ) {
        guard let licence else { return }
        let column = RosterColumn.licence.rawValue
        if type == .caterer, licence.form != LicenceNumber.catererForm {
            reader.note(
                ValueFault(
                    .licenceForm, column: column, value: licence.text, allowed: "集体用餐配送单位须持餐饮服务许可证（JY2 开头）"))
        }
        guard let division = reader.optional(.division), division != licence.divisionCode,
            reader.optional(.divisionConfirmed) != "是"
        else { return }
        reader.note(
            ValueFault(
                .licenceDivisionMismatch, column: column, value: licence.text,
                allowed: "许可证由 \(licence.divisionCode) 核发，行政区划代码填的是 \(division)；改正其一，或经人工核实后在“跨区划已核实”列填“是”"))
    }

    private static func checkCaterer(
        _ reader: inout LineReader<RosterColumn>, _ mode: ServingMode?, _ licence: LicenceNumber?
    ) {
        let column = RosterColumn.catererLicence.rawValue
        guard let mode else { return }
        let text = reader.optional(.catererLicence)
        if mode == .delivered, text == nil {
            reader.note(ValueFault(.catererRequired, column: column, value: "", allowed: "已登记的集体用餐配送单位的许可证编号（JY2 开头）"))
        }
        if mode != .delivered, let text {
            reader.note(ValueFault(.catererUnexpected, column: column, value: text, allowed: "供餐方式不是校外供餐时留空"))
        }
    }
}
