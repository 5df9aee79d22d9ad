import Calendar
import Contracts

public enum CameraColumn: String, ImportColumn {
    case licence = "食品经营许可证编号"
    case name = "摄像头名称"
    case zone = "区域"
    case gbId = "国标编码"
    case enabledOn = "启用日期"
    /// Only where a branch shares the licence number.
    case canteenName = "食堂名称"

    public var isRequired: Bool { self != .canteenName }
}

/// A camera line that passed every rule that needs no database. The day of first use may lie ahead: installation is planned.
public struct CameraLine: ImportLine, Hashable {
    public typealias Column = CameraColumn
    public static let kind = "cameras"

    public struct Rules: Sendable { public init() {} }

    public var licence: String
    public var name: String
    public var zone: ZoneName
    public var gbId: GBDeviceID
    public var enabledOn: LocalDate
    public var canteenName: String?

    public static func read(_ cells: [CameraColumn: String], _ rules: Rules) -> ImportLineResult<CameraLine> {
        var reader = LineReader(cells)
        let licence = reader.value(.licence, LicenceNumber.init)
        let name = reader.name(.name)
        if let name { checkPlace(&reader, name) }
        let zone = reader.value(.zone, ZoneName.init)
        let gbId = reader.value(.gbId, GBDeviceID.init)
        let enabledOn = reader.value(.enabledOn, ClerkDate.parse)
        let canteenName = reader.text(.canteenName)
        guard reader.faults.isEmpty, let licence, let name, let zone, let gbId, let enabledOn else {
            return .refused(reader.faults)
        }
        return .accepted(
            CameraLine(
                licence: licence.text, name: name, zone: zone, gbId: gbId, enabledOn: enabledOn,
                canteenName: canteenName))
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
