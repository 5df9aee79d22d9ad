import Calendar
import Contracts

/// What only some rosters state. A column that a file does not have changes nothing; an empty cell clears the fact.
public struct RosterExtras: Hashable, Sendable {
    var given: Set<RosterColumn> = []
    public var departmentReason: String?
    public var departmentLevel: SupervisingLevel?
    public var externalOrgan: String?
    public var externalContact: String?
    public var branchReason: String?
    public var life = CanteenLife.open
    public var stationName: String?
    public var stationReason: String?
    public var position: Position?
    public var licenceAppliedOn: LocalDate?

    static let columns: [RosterColumn] = [
        .departmentReason, .departmentLevel, .externalOrgan, .externalContact, .branchReason, .life, .lifeReason,
        .lifeSince, .licenceAppliedOn, .mergedInto, .station, .stationReason,
        .latitude, .longitude, .coordinateSystem,
    ]

    static func read(
        _ reader: inout LineReader<RosterColumn>, _ cells: [RosterColumn: String], _ today: LocalDate
    ) -> RosterExtras {
        var extras = RosterExtras()
        extras.given = Set(columns.filter { cells[$0] != nil })
        extras.departmentReason = reader.text(.departmentReason)
        extras.departmentLevel = reader.optionalValue(.departmentLevel, SupervisingLevel.read)
        extras.externalOrgan = reader.text(.externalOrgan)
        extras.externalContact = reader.text(.externalContact)
        extras.branchReason = reader.text(.branchReason)
        extras.stationName = reader.text(.station)
        extras.stationReason = reader.text(.stationReason)
        if (extras.stationName == nil) != (extras.stationReason == nil) {
            reader.note(
                ValueFault(
                    .valueMissing, column: RosterColumn.stationReason.rawValue, value: "", allowed: "指定监管所与理由须同时填写"))
        }
        extras.life = readLife(&reader, today)
        extras.position = readPosition(&reader)
        extras.licenceAppliedOn = readApplication(&reader, today)
        return extras
    }

    private static func readApplication(_ reader: inout LineReader<RosterColumn>, _ today: LocalDate) -> LocalDate? {
        let day = reader.optionalValue(.licenceAppliedOn, ClerkDate.parse)
        if let day, day > today {
            reader.note(
                ValueFault(
                    .dateInFuture, column: RosterColumn.licenceAppliedOn.rawValue, value: day.iso,
                    allowed: "不晚于今天（\(today.iso)）"))
        }
        return day
    }

    private static func readLife(_ reader: inout LineReader<RosterColumn>, _ today: LocalDate) -> CanteenLife {
        guard let decision = reader.optionalValue(.life, CanteenLife.Decision.read), decision != .open else {
            return .open
        }
        let life = CanteenLife(
            decision: decision, reason: reader.text(.lifeReason),
            since: reader.optionalValue(.lifeSince, ClerkDate.parse),
            mergedInto: reader.optionalValue(.mergedInto, LicenceNumber.init)?.text)
        if life.reason == nil || life.since == nil {
            let column: RosterColumn = life.reason == nil ? .lifeReason : .lifeSince
            reader.note(
                ValueFault(.lifeReasonMissing, column: column.rawValue, value: "", allowed: "原因（不含个人信息）和起始日期"))
        }
        if (decision == .merged) != (life.mergedInto != nil) {
            reader.note(
                ValueFault(
                    .lifeReasonMissing, column: RosterColumn.mergedInto.rawValue, value: life.mergedInto ?? "",
                    allowed: decision == .merged ? "并入食堂的许可证编号" : "只有合并才填写"))
        }
        return life
    }

    /// All three or none: a position without its coordinate system is wrong by hundreds of metres.
    private static func readPosition(_ reader: inout LineReader<RosterColumn>) -> Position? {
        let columns: [RosterColumn] = [.latitude, .longitude, .coordinateSystem]
        let empty = columns.filter { reader.optional($0) == nil }
        guard empty.count < columns.count else { return nil }
        for column in empty {
            reader.note(
                ValueFault(.valueMissing, column: column.rawValue, value: "", allowed: "纬度、经度、坐标系须同时填写"))
        }
        let latitude = reader.optionalValue(.latitude, Position.latitude)
        let longitude = reader.optionalValue(.longitude, Position.longitude)
        let system = reader.optionalValue(.coordinateSystem, Position.system)
        guard let latitude, let longitude, let system else { return nil }
        return Position(latitude: latitude, longitude: longitude, system: system)
    }

    func apply(to institution: inout Institution) {
        if given.contains(.departmentReason) { institution.departmentReason = departmentReason }
        if given.contains(.departmentLevel) { institution.departmentLevel = departmentLevel }
        if given.contains(.externalOrgan) { institution.externalOrgan = externalOrgan }
        if given.contains(.externalContact) { institution.externalContact = externalContact }
    }

    /// `stations`: ids by name.
    func apply(to canteen: inout Canteen, stations: [String: OrganID]) {
        if given.contains(.branchReason) { canteen.branchReason = branchReason }
        if given.contains(.life) { canteen.life = life }
        if given.contains(.licenceAppliedOn) { canteen.licenceAppliedOn = licenceAppliedOn }
        if given.contains(.latitude) { canteen.position = position }
        if given.contains(.station) {
            canteen.fixedStation = stationName.flatMap { stations[$0] }
            canteen.stationReason = canteen.fixedStation == nil ? nil : stationReason
        }
    }
}
