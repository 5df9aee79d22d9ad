import Calendar
import Contracts

/// Where one canteen stands with its connection: the stored row, and the projection that lists and dashboards read.
struct AccessRecord: Hashable, Sendable, Codable {
    var canteenId: CanteenID
    var state: AccessState = .planned
    /// Why suspended, disconnected or not required.
    var reason: String?
    var clock: AccessClockState = .none
    /// The licence that started the clock.
    var licenceNumber: String?
    /// Day of issue; not counted.
    var startedOn: LocalDate?
    /// Last day that is on time.
    var deadline: LocalDate?
    var provisional = false
    /// Version of the calendar the deadline was last computed with.
    var calendarVersion: Int?
    /// Highest working day whose reminder was sent.
    var remindedDay = 0
    /// The day the register learned of the canteen.
    var registeredOn: LocalDate
    var overdueAt: Instant?
    var connectedAt: Instant?
    var timeliness: AccessTimeliness?
    var days: Int?
    var specialReason: SpecialReason?
    var specialNote: String?
    /// When the clock has to look again; nil = nothing will happen by time alone.
    var nextAt: Instant?
    /// Codes of `UnmetPart`.
    var unmet: [String] = []
    var facts: Facts
    var tally = CameraTally()

    /// What lists and dashboards need of the canteen, kept beside so that they join nothing.
    struct Facts: Hashable, Sendable, Codable {
        var canteenName: String
        var schoolId: SchoolID
        var schoolName: String
        var divisionCode: String
        var stationOrganId: OrganID?
        var countyOrganId: OrganID?
        var cityOrganId: OrganID?
        var supervisingOrganId: OrganID?
        var supervisingDepartment: Department
        var operating: Bool
        var isCaterer: Bool
    }

    struct CameraTally: Hashable, Sendable, Codable {
        var total = 0
        var active = 0
        var degraded = 0
        var offline = 0
        var pending = 0
        /// Categories disclosed, 0…9; nil = not known.
        var disclosed: Int?
        /// Cameras whose required days of recording are proven, and those for which it is known at all.
        var retained = 0
        var retentionKnown = 0
    }

    /// 00:00 after the deadline: the first moment that is too late.
    var overdueSince: Instant? { deadline?.adding(days: 1).start }
    var unmetParts: [UnmetPart] { unmet.compactMap(UnmetPart.init) }
    /// Everything but the officer's word is there.
    var isReady: Bool { unmetParts == [.confirmation] }
    /// Art 5: county and station inspect more often until the canteen is connected.
    var increaseInspection: Bool { clock == .overdue }
}

/// 确因特殊原因: recorded, never an extension (domain §8.3).
enum SpecialReason: String, Codable, CaseIterable, Sendable {
    /// 场所新建、改造.
    case construction
    /// 网络未通.
    case network
    /// 设备采购、安装.
    case equipment
    /// 自然灾害等不可抗力.
    case forceMajeure = "force_majeure"
    /// 其他, with a note.
    case other
}
