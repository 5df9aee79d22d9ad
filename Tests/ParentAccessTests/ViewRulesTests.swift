import Access
import Calendar
import Contracts
import Testing

@testable import ParentAccessService

@Suite struct ViewRulesTests {
    let facts = Facts()

    func decide(
        _ account: RepresentativeAccount? = nil, _ grants: [ViewGrant]? = nil, camera: CameraFacts? = nil,
        canteen: CanteenFacts? = nil, at time: String = "12:00:00"
    ) throws -> ViewDecision {
        facts.rules.decide(
            .representative(try account ?? facts.account(), grants: try grants ?? [facts.grant()]),
            camera: camera ?? facts.camera(), canteen: canteen ?? facts.canteen(), now: try facts.at(time))
    }

    @Test func insideTheWindowTheRightLastsUntilItsEnd() throws {
        #expect(try decide() == .allowed(until: facts.at("13:00:00"), endsBy: .windowEnd))
    }

    @Test func outsideTheWindowIsRefused() throws {
        #expect(try decide(at: "13:00:00") == .refused(.outsideWindow))
        #expect(try decide(at: "10:59:59") == .refused(.outsideWindow))
    }

    @Test func nothingIsAllowedWithoutAGrant() throws {
        #expect(try decide(nil, []) == .refused(.notGranted))
        #expect(try decide(camera: facts.camera("camera-3")) == .refused(.notGranted))
        var revoked = try facts.grant()
        revoked.revokedAt = try facts.at("11:59:59")
        #expect(try decide(nil, [revoked]) == .refused(.notGranted))
    }

    @Test func anotherSchoolsCameraIsRefusedEvenWithAGrant() throws {
        let camera = facts.camera(school: facts.otherSchool)
        let decision = try decide(camera: camera, canteen: facts.canteen(school: facts.otherSchool))
        #expect(decision == .refused(.otherSchool))
        #expect(ViewRefusal.otherSchool.status == 404)
    }

    /// A grant that names the anteroom (made before it was one, or by mistake) changes nothing.
    @Test func theAnteroomIsNeverShown() throws {
        #expect(try decide(camera: facts.camera(anteroom: true)) == .refused(.anteroom))
    }

    @Test(arguments: [CameraStatus.pending, .degraded, .offline])
    func onlyActiveCamerasAreShown(_ status: CameraStatus) throws {
        #expect(try decide(camera: facts.camera(status: status)) == .refused(.cameraNotActive))
    }

    @Test func aRevokedLicenceOrAClosedCanteenStopsTheView() throws {
        #expect(try decide(canteen: facts.canteen(revoked: true)) == .refused(.licenceRevoked))
        #expect(try decide(canteen: facts.canteen(operating: false)) == .refused(.canteenNotOperating))
    }

    @Test(arguments: [
        (AccountState.invited, ViewRefusal.accountNotActive), (.suspended, .accountNotActive),
        (.revoked, .accountNotActive),
        (.expired, .accountExpired),
    ])
    func onlyUsableAccountsWatch(_ state: AccountState, _ refusal: ViewRefusal) throws {
        #expect(try decide(facts.account(state)) == .refused(refusal))
    }

    @Test func anAccountThatExpiresInTheWindowEndsTheRight() throws {
        var account = try facts.account()
        account.expiresAt = try facts.at("12:30:00")
        #expect(try decide(account) == .allowed(until: facts.at("12:30:00"), endsBy: .expired))
        #expect(try decide(account, at: "12:30:00") == .refused(.accountExpired))
    }

    @Test func staffNeedAReasonAndReachOnlyTheirArea() throws {
        func staff(_ principal: Principal, _ reason: ViewReason?, _ camera: CameraFacts? = nil) throws -> ViewDecision {
            facts.rules.decide(
                .staff(principal, reason: reason), camera: camera ?? facts.camera(), canteen: facts.canteen(),
                now: try facts.at("23:00:00"))
        }
        #expect(try staff(facts.officer(), nil) == .refused(.reasonMissing))
        #expect(ViewRefusal.reasonMissing.status == 422)
        guard case .allowed = try staff(facts.officer(), .patrol) else {
            Issue.record("an officer of the county must be able to watch")
            return
        }
        #expect(try staff(facts.officer(organ: "county-2", division: "440704"), .patrol) == .refused(.outOfScope))
        let auditor = Principal(personId: PersonID("a"), role: .auditor)
        #expect(try staff(auditor, .patrol) == .refused(.roleNotAllowed))
        let parent = Principal(personId: PersonID("p"), role: .parentRepresentative, schoolId: facts.school)
        #expect(try staff(parent, .routine) == .refused(.roleNotAllowed))
        #expect(try staff(facts.officer(), .patrol, facts.camera(status: .pending)) == .refused(.cameraNotActive))
        guard case .allowed = try staff(facts.officer(), .firstFrame, facts.camera(status: .pending)) else {
            Issue.record("the first frame must be seen before a camera can become active")
            return
        }
    }

    @Test func statesFollowTheLifeOfAnAccount() {
        #expect(AccountState.invited.after(.accept) == .activated)
        #expect(AccountState.activated.after(.logIn) == .active)
        #expect(AccountState.active.after(.suspend) == .suspended)
        #expect(AccountState.suspended.after(.resume) == .active)
        #expect(AccountState.suspended.after(.logIn) == nil)
        #expect(AccountState.invited.after(.logIn) == nil)
        #expect(AccountState.revoked.after(.resume) == nil)
        for step in AccountState.Step.allCases { #expect(AccountState.revoked.after(step) == nil) }
    }

    /// Whatever a school grants and whenever the clock moves: no segment outside a grant's window (issue 6).
    @Test func noSequenceOfGrantsRevocationsAndClockMovesLetsASegmentThroughOutsideAGrant() throws {
        var random = SeededGenerator(seed: 20_261_123)
        for _ in 0..<300 {
            var grants: [ViewGrant] = []
            var now = try facts.at("00:00:00")
            for _ in 0..<30 {
                switch Int.random(in: 0..<3, using: &random) {
                case 0: grants.append(randomGrant(now, &random))
                case 1:
                    if let index = grants.indices.randomElement(using: &random), grants[index].revokedAt == nil {
                        grants[index].revokedAt = now
                    }
                default: now = now + .seconds(Int.random(in: 60...40_000, using: &random))
                }
                let decision = facts.rules.decide(
                    .representative(try facts.account(), grants: grants), camera: facts.camera(),
                    canteen: facts.canteen(),
                    now: now)
                let expected = model(grants, now)
                switch decision {
                case .allowed(let until, _):
                    #expect(expected)
                    #expect(until > now && model(grants, until - .microseconds(1)))
                case .refused: #expect(!expected)
                }
            }
        }
    }

    /// The rule in its plainest words: some grant, not revoked, in its time, names the camera and a window of its day.
    private func model(_ grants: [ViewGrant], _ now: Instant) -> Bool {
        let day = LocalDate(now)
        let second = Int((now - day.start).components.seconds)
        return grants.contains { grant in
            grant.revokedAt == nil && grant.validFrom <= now && now < grant.validTo
                && grant.cameraIds.contains(CameraID("camera-1"))
                && grant.schedule.windows.contains { window in
                    window.weekday == day.weekday && window.from.minutes * 60 <= second
                        && second < window.to.minutes * 60
                        && second >= 6 * 3600 && second < 20 * 3600
                }
        }
    }

    private func randomGrant(_ now: Instant, _ random: inout SeededGenerator) -> ViewGrant {
        let windows = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            let from = Int.random(in: 300...1300, using: &random)
            return WeeklyWindow(
                weekday: Int.random(in: 1...7, using: &random), from: TimeOfDay(clamping: from),
                to: TimeOfDay(clamping: from + Int.random(in: 1...400, using: &random)))
        }
        let start = now + .seconds(Int.random(in: -100_000...100_000, using: &random))
        return ViewGrant(
            grantId: GrantID.new(), representativeId: facts.representativeId, schoolId: facts.school,
            cameraIds: [CameraID(Bool.random(using: &random) ? "camera-1" : "camera-2")],
            schedule: WeekSchedule(windows: windows), validFrom: start,
            validTo: start + .seconds(Int.random(in: 1...400_000, using: &random)), revokedAt: nil)
    }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
