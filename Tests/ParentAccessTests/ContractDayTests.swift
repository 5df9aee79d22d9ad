import Calendar
import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import ParentAccessService

extension WithDatabase {
    /// Art 13 over HTTP: a caterer's kitchen is seen on the days of the contract and on no other.
    @Suite struct ContractDayTests {
        private static let caterer = SchoolID("caterer-1")
        private static let kitchen = "camera-kitchen"

        private func registerKitchen(_ story: Story) async throws {
            let today = LocalDate(story.client.clock.now())
            let canteen = CanteenRegistered(
                canteenId: CanteenID("kitchen-1"), name: "中央厨房", schoolId: Self.caterer, schoolName: "示例配送中心",
                schoolType: .primary, isCaterer: true, uscc: "12440703MB2C00000X", divisionCode: "440703",
                cityDirect: false, stationOrganId: TestPersons.stationOrgan, countyOrganId: TestPersons.countyOrgan,
                cityOrganId: TestPersons.cityOrgan, supervisingDepartment: .education,
                supervisingOrganId: TestPersons.educationOrgan, servingMode: "自营", diners: 500, zones: [.z3],
                licenceNumber: "JY2440703000009", licenceIssuedOn: today, licenceValidTo: today.adding(days: 900),
                operating: true)
            try await story.client.pool.transaction { tx in
                try await ProjectionStore.save(ProjectionStore.CanteenRow(canteen), tx)
                try await ProjectionStore.save(
                    CameraFacts(
                        cameraId: CameraID(Self.kitchen), canteenId: CanteenID("kitchen-1"), schoolId: Self.caterer,
                        gbId: "44070300111327000099", name: "中央厨房-烹饪区-01", zone: .z3, isAnteroom: false,
                        status: .active), enabledOn: today, tx)
            }
            try await story.service.refresher.refresh()
        }

        private func contract(from first: String, to last: String?) throws -> ContractStarted {
            ContractStarted(
                contractId: ContractID("contract-1"), canteenId: CanteenID("canteen-1"), schoolId: TestPersons.school,
                catererId: Self.caterer, catererCanteenId: CanteenID("kitchen-1"),
                catererLicenceNumber: "JY2440703000009", startsOn: try #require(LocalDate(iso: first)),
                endsOn: try last.map { try #require(LocalDate(iso: $0)) }, meals: ["lunch"], diners: 500)
        }

        private func invite(_ story: Story) async throws -> TestResponse {
            try await story.client.post(
                "/parent/v1/representatives", as: TestPersons.principal, json: Story.wish(cameras: [Self.kitchen]))
        }

        @Test func aContractThatEndedYesterdayGivesNoRightToday() async throws {
            try await Story.run { story in
                try await registerKitchen(story)
                // Without a contract a school cannot open the kitchen at all.
                #expect(try await invite(story).status == .unprocessableContent)
                try await story.take(contract(from: "2026-11-01", to: "2026-11-29"))
                let made = try await invite(story)
                try #require(made.status == .created, "\(made.text)")
                let invited = try made.json(Story.Invited.self)
                try #require(try await story.accept(invited).status == .ok)
                let cookie = try await story.logIn(invited.accountNumber)
                let playlist = try await story.watch(Self.kitchen, cookie: cookie)
                #expect(try await story.authorize(playlist, cookie: cookie).status == 204)
                // Terminated today: the next segment of the running view is refused already.
                try await story.take(
                    ContractEnded(
                        contractId: ContractID("contract-1"), canteenId: CanteenID("canteen-1"),
                        schoolId: TestPersons.school, catererId: Self.caterer,
                        catererCanteenId: CanteenID("kitchen-1"), catererLicenceNumber: "JY2440703000009",
                        endedOn: LocalDate(story.client.clock.now()), reason: "terminated"))
                #expect(try await story.authorize(playlist, cookie: cookie).refusal == "contract_ended")
                #expect(try await story.open(Self.kitchen, cookie: cookie).problemCode == "contract_ended")
            }
        }

        @Test func theLastDayIsADayAndTheNextIsNot() async throws {
            try await Story.run { story in
                try await registerKitchen(story)
                try await story.take(contract(from: "2026-11-01", to: "2026-11-29"))
                let invited = try await invite(story).json(Story.Invited.self)
                try #require(try await story.accept(invited).status == .ok)
                let cookie = try await story.logIn(invited.accountNumber)
                #expect(try await story.open(Self.kitchen, cookie: cookie).status == .seeOther)
                // A week later, a Monday within the window; the contract ended on Sunday.
                story.client.clock.set(try #require(Instant(rfc3339: "2026-11-30T09:00:00+08:00")))
                let again = try await story.logIn(invited.accountNumber)
                #expect(try await story.open(Self.kitchen, cookie: again).problemCode == "contract_ended")
                // Nor can the school open it anew.
                #expect(try await invite(story).status == .unprocessableContent)
            }
        }
    }
}
