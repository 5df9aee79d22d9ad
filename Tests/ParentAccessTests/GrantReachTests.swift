import Calendar
import Contracts
import Journal
import TestSupport
import Testing

@testable import ParentAccessService

/// Which cameras and days a grant reaches: zones, meal calendar, public holidays, caterers under contract.
@Suite struct GrantReachTests {
    let facts = Facts()

    private func decide(
        _ grant: ViewGrant, camera: CameraFacts? = nil, canteen: CanteenFacts? = nil, school: SchoolFacts = .none,
        at now: Instant, holidays: WorkingCalendar? = nil
    ) throws -> ViewDecision {
        let rules = ViewRules(limits: facts.limits, holidays: holidays)
        return rules.decide(
            .representative(try facts.account(), grants: [grant]), camera: camera ?? facts.camera(),
            canteen: canteen ?? facts.canteen(), school: school, now: now)
    }

    private func isAllowed(_ decision: ViewDecision) -> Bool {
        if case .allowed = decision { return true }
        return false
    }

    @Test func aZoneOpensItsCamerasAndNeverTheAnteroom() throws {
        var grant = try facts.grant(cameras: [])
        grant.zones = [.z3]
        let now = try facts.at("12:00:00")
        #expect(isAllowed(try decide(grant, camera: facts.camera("camera-new"), at: now)))
        #expect(try decide(grant, camera: facts.camera("changing", anteroom: true), at: now) == .refused(.anteroom))
        grant.zones = [.z1]
        #expect(try decide(grant, at: now) == .refused(.notGranted))
    }

    @Test func theMealCalendarClosesAndOpensDays() throws {
        let grant = try facts.grant()
        let monday = try facts.at("12:00:00")
        var school = SchoolFacts()
        let day = LocalDate(monday)
        school.calendar.terms = [SchoolTerm(name: "autumn", startsOn: day.adding(days: -7), endsOn: day)]
        #expect(isAllowed(try decide(grant, school: school, at: monday)))
        #expect(try decide(grant, school: school, at: monday + .seconds(7 * 86_400)) == .refused(.outsideWindow))
        school.calendar.exceptions[day] = .closed
        #expect(try decide(grant, school: school, at: monday) == .refused(.outsideWindow))
        // An extra meal day, a Sunday, follows Monday's windows.
        let sunday = day.adding(days: -1)
        school.calendar.exceptions[sunday] = .follows(weekday: SchoolCalendar.followed(by: sunday))
        #expect(isAllowed(try decide(grant, school: school, at: monday - .seconds(86_400))))
    }

    @Test func publicHolidaysAreClosed() throws {
        let day = LocalDate(try facts.at("12:00:00"))
        let notice = HolidayNotice(
            year: 2026, papers: ["https://www.gov.cn/"], days: [.init(name: "测试假日", date: day, isOffDay: true)])
        let holidays = try WorkingCalendar(notices: [notice])
        let grant = try facts.grant()
        #expect(try decide(grant, at: facts.at("12:00:00"), holidays: holidays) == .refused(.outsideWindow))
        #expect(isAllowed(try decide(grant, at: facts.at("12:00:00", on: "2026-11-30"), holidays: holidays)))
    }

    @Test func aCaterersKitchenIsOpenWhileTheContractRuns() throws {
        let caterer = SchoolID("caterer-1")
        let camera = facts.camera("kitchen", school: caterer)
        let kitchen = CanteenFacts(
            canteenId: camera.canteenId, schoolId: caterer, name: "中央厨房", schoolName: "配餐公司", isCaterer: true,
            divisionCode: "440703", stationOrganId: nil, countyOrganId: nil, cityOrganId: nil,
            supervisingOrganId: nil, supervisingDepartment: nil, operating: true, licenceRevoked: false)
        let grant = try facts.grant(cameras: [CameraID("kitchen")])
        let now = try facts.at("12:00:00")
        #expect(try decide(grant, camera: camera, canteen: kitchen, at: now) == .refused(.otherSchool))
        var school = SchoolFacts()
        let today = LocalDate(now)
        func supply(until last: LocalDate?) {
            school.suppliers = [
                SupplyContract(
                    contractId: ContractID("c-1"), catererId: caterer, firstDay: today.adding(days: -30), lastDay: last)
            ]
        }
        supply(until: nil)
        #expect(isAllowed(try decide(grant, camera: camera, canteen: kitchen, school: school, at: now)))
        supply(until: today.adding(days: -1))
        #expect(
            try decide(grant, camera: camera, canteen: kitchen, school: school, at: now) == .refused(.contractEnded))
        // Not named by any grant: as if there were no such camera.
        supply(until: nil)
        let own = try facts.grant()
        #expect(try decide(own, camera: camera, canteen: kitchen, school: school, at: now) == .refused(.otherSchool))
    }
}
