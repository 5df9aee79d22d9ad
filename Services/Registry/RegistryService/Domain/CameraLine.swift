import Calendar
import Contracts

public enum CameraColumn: String, ImportColumn {
    case licence = "食品经营许可证编号"
    case name = "摄像头名称"
    case zone = "区域"
    case gbId = "国标编码"
    case enabledOn = "启用日期"
    /// Only where a branch shares the licence number, or where there is no licence yet.
    case canteenName = "食堂名称"
    /// Only where there is no licence yet: names the canteen together with its name.
    case creditCode = "统一社会信用代码"

    public var isRequired: Bool { self != .canteenName && self != .creditCode }
}

/// A camera line that passed every rule that needs no database. The day of first use may lie ahead: installation is planned.
public struct CameraLine: ImportLine, Hashable {
    public typealias Column = CameraColumn
    public static let kind = "cameras"

    public struct Rules: Sendable { public init() {} }

    /// Which canteen: by its licence, or before it has one by institution and name.
    public enum Place: Hashable, Sendable {
        case licence(String)
        case institution(creditCode: String, canteenName: String)
    }

    public var place: Place
    public var name: String
    public var zone: ZoneName
    public var gbId: GBDeviceID
    public var enabledOn: LocalDate
    public var canteenName: String?

    public static func read(_ cells: [CameraColumn: String], _ rules: Rules) -> ImportLineResult<CameraLine> {
        var reader = LineReader(cells)
        let place = readPlace(&reader)
        let name = reader.name(.name)
        if let name { checkPlace(&reader, name) }
        let zone = reader.value(.zone, ZoneName.init)
        let gbId = reader.value(.gbId, GBDeviceID.init)
        let enabledOn = reader.value(.enabledOn, ClerkDate.parse)
        let canteenName = reader.text(.canteenName)
        guard reader.faults.isEmpty, let place, let name, let zone, let gbId, let enabledOn else {
            return .refused(reader.faults)
        }
        return .accepted(
            CameraLine(
                place: place, name: name, zone: zone, gbId: gbId, enabledOn: enabledOn,
                canteenName: canteenName))
    }

    /// How the line names its canteen, for messages.
    var placeText: String {
        switch place {
        case .licence(let number): number
        case .institution(let code, let name): "\(code) \(name)"
        }
    }

    var placeColumn: CameraColumn {
        switch place {
        case .licence: .licence
        case .institution: .creditCode
        }
    }

    private static func readPlace(_ reader: inout LineReader<CameraColumn>) -> Place? {
        guard reader.optional(.licence) == nil, reader.optional(.creditCode) != nil else {
            return reader.value(.licence, LicenceNumber.init).map { .licence($0.text) }
        }
        let code = reader.value(.creditCode, CreditCode.init)
        guard let name = reader.name(.canteenName), let code else { return nil }
        return .institution(creditCode: code.text, canteenName: name)
    }

    /// `学校-食堂-区域-序号`: the part before the number may not name a private place either.
    private static func checkPlace(_ reader: inout LineReader<CameraColumn>, _ name: String) {
        let parts = name.split(whereSeparator: { $0 == "-" || $0 == "－" })
        guard parts.count >= 3, let place = parts.dropLast().last,
            ZoneName.forbidden.contains(where: place.contains)
        else { return }
        reader.note(
            ValueFault(
                .zoneForbidden, column: CameraColumn.name.rawValue, value: name,
                allowed: "更衣室、卫生间、宿舍等私密场所不得安装摄像头"))
    }
}
