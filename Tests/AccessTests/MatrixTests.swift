import Access
import Calendar
import Contracts
import Foundation
import TestSupport
import Testing

/// The decision function against domain §7.4.
@Suite struct MatrixTests {
    private let policy = AccessPolicy()

    @Test func whatIsNotInTheTableIsRefused() {
        for person in TestPersons.everyRole {
            for action in Action.allCases where AccessMatrix.current.permission(of: person.role, for: action) == nil {
                for intent in [Intent.read, .perform] {
                    #expect(policy.decide(person, action, intent: intent) == .denied)
                    #expect(policy.decide(person, action, on: TestPersons.ownCanteen, intent: intent) == .denied)
                }
            }
        }
    }

    @Test func everyScopedActionIsAllowedAtHomeAndHiddenElsewhere() {
        let home = Resource(
            divisionCode: "440703", stationOrganId: TestPersons.stationOrgan, countyOrganId: TestPersons.countyOrgan,
            cityOrganId: TestPersons.cityOrgan, supervisingOrganId: TestPersons.educationOrgan,
            supervisingDepartment: .education, schoolId: TestPersons.school, catererId: SchoolID("caterer-1"))
        for person in TestPersons.everyRole {
            for action in Action.allCases {
                guard let permission = AccessMatrix.current.permission(of: person.role, for: action),
                    permission.scope != .everything, permission.scope != .ownOrgan, person.role != .hrOfficer
                else { continue }
                #expect(policy.decide(person, action, on: home, intent: .read) == .allowed, "\(person.role) \(action)")
                let elsewhere = Resource(
                    divisionCode: "440601", stationOrganId: OrganID("x"), countyOrganId: OrganID("x"),
                    cityOrganId: OrganID("organ-other-city"), organId: OrganID("x"), supervisingOrganId: OrganID("x"),
                    supervisingDepartment: .education, schoolId: SchoolID("x"), catererId: SchoolID("x"))
                #expect(policy.decide(person, action, on: elsewhere, intent: .read) == .hidden)
                #expect(policy.decide(person, action, on: Resource(), intent: .read) == .hidden, "no facts, no access")
            }
        }
    }

    @Test func aCatererReachesItsCustomersOnTheDaysOfTheContractOnly() throws {
        let caterer = TestPersons.staff(.caterer, SchoolID("caterer-1"))
        let first = try #require(LocalDate(iso: "2026-09-01"))
        let last = try #require(LocalDate(iso: "2026-12-31"))
        var canteen = Resource(schoolId: SchoolID("school-1"), catererId: SchoolID("caterer-1"))
        func decide(_ day: LocalDate?) -> Decision {
            policy.decide(caterer, .seeRegister, on: canteen, intent: .read, day: day)
        }
        #expect(decide(nil) == .allowed, "a relation without days")
        canteen.catererDays = ContractDays(first: first, last: last)
        for (day, expected) in [
            (first.adding(days: -1), Decision.hidden), (first, .allowed), (last, .allowed),
            (last.adding(days: 1), .hidden),
        ] { #expect(decide(day) == expected, "\(day.iso)") }
        #expect(decide(nil) == .hidden, "nobody said which day it is")
        canteen.catererDays = ContractDays(first: first, last: nil)
        #expect(decide(last.adding(days: 1000)) == .allowed)
        canteen.schoolId = SchoolID("caterer-1")
        canteen.catererDays = ContractDays(first: first, last: first)
        #expect(decide(last) == .allowed, "its own kitchen")
    }

    @Test func schoolsNeverSeeAPatrolComing() {
        for role in [Role.principal, .safetyLead, .platformOperator, .caterer, .parentRepresentative] {
            let person = TestPersons.staff(role, TestPersons.school)
            for action in [Action.seePatrolPlan, .runPatrol, .seeLedger] {
                #expect(policy.decide(person, action, on: TestPersons.ownCanteen, intent: .read) == .denied)
            }
        }
    }

    @Test func bureausSeeTheSchoolsTheySuperviseOnly() {
        let education = TestPersons.education
        #expect(policy.decide(education, .liveView, on: TestPersons.ownCanteen, intent: .read) == .allowed)
        #expect(policy.decide(education, .liveView, on: TestPersons.ownCanteen) == .denied, "○ is not ✔")
        #expect(policy.decide(TestPersons.hr, .liveView, on: TestPersons.ownCanteen, intent: .read) == .hidden)
        var technical = TestPersons.ownCanteen
        technical.supervisingOrganId = TestPersons.hrOrgan
        technical.supervisingDepartment = .humanResources
        #expect(policy.decide(TestPersons.hr, .urge, on: technical) == .allowed)
        #expect(policy.decide(education, .urge, on: technical) == .hidden)
        let cityBureau = TestPersons.officer(
            .educationOfficer, OrganID("organ-city-edu"), .city, "440700", .education)
        #expect(policy.decide(cityBureau, .urge, on: TestPersons.ownCanteen) == .allowed)
        #expect(policy.decide(cityBureau, .urge, on: technical) == .hidden)
    }

    @Test func aRoleWithoutTheFactsThatBoundItIsNobody() {
        let impostors = [
            Principal(personId: PersonID("p"), role: .cityRegulator),
            TestPersons.officer(.stationOfficer, TestPersons.countyOrgan, .county, "440703"),
            TestPersons.officer(.countyRegulator, TestPersons.countyOrgan, .county, "440703", .education),
            TestPersons.officer(.educationOfficer, TestPersons.stationOrgan, .station, "440703", .education),
            Principal(personId: PersonID("p"), role: .principal),
        ]
        for person in impostors {
            for action in Action.allCases { #expect(policy.decide(person, action) == .denied) }
        }
    }

    @Test func anotherStationOfTheSameCountyIsAnotherArea() {
        #expect(policy.decide(TestPersons.station, .runPatrol, on: TestPersons.ownCanteen) == .allowed)
        #expect(policy.decide(TestPersons.otherStation, .runPatrol, on: TestPersons.ownCanteen) == .hidden)
        #expect(policy.decide(TestPersons.otherCounty, .runPatrol, on: TestPersons.ownCanteen) == .hidden)
        #expect(policy.decide(TestPersons.city, .runPatrol, on: TestPersons.foreignCanteen) == .allowed)
    }

    @Test func playbackNeedsAReason() {
        #expect(policy.needsReason(TestPersons.station, .playback))
        #expect(!policy.needsReason(TestPersons.station, .liveView))
        #expect(policy.decide(TestPersons.parent, .playback, on: TestPersons.ownCanteen) == .denied)
    }

    @Test func administratorsHaveNoBusinessRights() {
        let allowed: [Role: Set<Action>] = [.systemAdmin: [.manageAccounts, .operate], .securityAdmin: [.grantRoles]]
        for person in [TestPersons.systemAdmin, TestPersons.securityAdmin] {
            let may = Set(Action.allCases.filter { policy.decide(person, $0) == .allowed })
            #expect(may == allowed[person.role])
        }
        let auditor = Set(Action.allCases.filter { policy.decide(TestPersons.auditor, $0) == .allowed })
        #expect(auditor == [.readAudit])
    }

    @Test func theDocumentShowsTheTable() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/access-matrix.md")
        let rendered = MatrixDocument.markdown()
        if ProcessInfo.processInfo.environment["WRITE_GOLDEN"] == "1" {
            try rendered.write(to: file, atomically: true, encoding: .utf8)
        }
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text == rendered, "run the test with WRITE_GOLDEN=1 and commit docs/access-matrix.md")
    }
}
