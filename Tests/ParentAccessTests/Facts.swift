import Access
import Calendar
import Contracts
import Testing

@testable import ParentAccessService

/// Facts that the tests share: one school with two cameras and an anteroom, another school, Monday 2026-11-23.
struct Facts {
    let school = SchoolID("school-a")
    let otherSchool = SchoolID("school-b")
    let representativeId = RepresentativeID("rep-1")
    let limits = CityLimits.standard

    var rules: ViewRules { ViewRules(limits: limits) }

    func at(_ time: String, on day: String = "2026-11-23") throws -> Instant {
        try #require(Instant(rfc3339: "\(day)T\(time)+08:00"))
    }

    func window(_ weekday: Int, _ from: String, _ to: String) throws -> WeeklyWindow {
        WeeklyWindow(weekday: weekday, from: try #require(TimeOfDay(text: from)), to: try #require(TimeOfDay(text: to)))
    }

    func camera(
        _ id: String = "camera-1", school: SchoolID? = nil, anteroom: Bool = false, status: CameraStatus = .active
    ) -> CameraFacts {
        let owner = school ?? self.school
        return CameraFacts(
            cameraId: CameraID(id), canteenId: CanteenID("canteen-of-\(owner)"), schoolId: owner,
            gbId: "44078300111327000001", name: "一食堂-烹饪区-01", zone: .z3, isAnteroom: anteroom, status: status)
    }

    func canteen(school: SchoolID? = nil, operating: Bool = true, revoked: Bool = false) -> CanteenFacts {
        let owner = school ?? self.school
        return CanteenFacts(
            canteenId: CanteenID("canteen-of-\(owner)"), schoolId: owner, name: "第一食堂", schoolName: "示例小学",
            isCaterer: false, divisionCode: "440703", stationOrganId: OrganID("station-1"),
            countyOrganId: OrganID("county-1"), cityOrganId: OrganID("city-1"), supervisingOrganId: OrganID("edu-1"),
            supervisingDepartment: .education, operating: operating, licenceRevoked: revoked)
    }

    func account(_ state: AccountState = .active) throws -> RepresentativeAccount {
        RepresentativeAccount(
            representativeId: representativeId, schoolId: school, state: state, accountNumber: "P-2026-K7QM-4XD9",
            expiresAt: try at("00:00:00", on: "2027-07-31"))
    }

    /// Monday 11:00–13:00, two cameras, the whole autumn.
    func grant(cameras: Set<CameraID> = ["camera-1", "camera-2"].reduce(into: []) { $0.insert(CameraID($1)) }) throws
        -> ViewGrant
    {
        ViewGrant(
            grantId: GrantID("grant-1"), representativeId: representativeId, schoolId: school, cameraIds: cameras,
            schedule: WeekSchedule(windows: [try window(1, "11:00", "13:00")]),
            validFrom: try at("00:00:00", on: "2026-09-01"), validTo: try at("00:00:00", on: "2027-01-31"),
            revokedAt: nil)
    }

    func officer(organ: String = "county-1", division: String = "440703") -> Principal {
        Principal(
            personId: PersonID("person-1"), role: .countyRegulator, organId: OrganID(organ), organLevel: .county,
            department: .marketSupervision, divisionCode: division)
    }
}
