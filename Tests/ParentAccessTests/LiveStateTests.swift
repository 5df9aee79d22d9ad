import Access
import Calendar
import Concurrency
import Contracts
import Testing

@testable import ParentAccessService

/// The authorisation of playlists and segments, driven by a clock that stands still until told to move.
@Suite struct LiveStateTests {
    let facts = Facts()
    let clock: FixedClock
    let state: LiveState
    let login = [UInt8](repeating: 7, count: 32)
    let session = ViewSessionID("01890a5d-ac96-774b-bcce-b302099a8057")

    init() throws {
        clock = FixedClock(try facts.at("12:59:30"))
        state = LiveState(rules: facts.rules, streams: StreamLimits(perSchool: 2, perPerson: 2))
        let (facts, login, now) = (facts, login, clock.now())
        let account = try facts.account()
        let grant = try facts.grant()
        state.withTables { tables in
            for camera in [
                facts.camera(), facts.camera("camera-2"), facts.camera("camera-9", school: facts.otherSchool),
            ] {
                tables.cameras[camera.cameraId] = camera
            }
            for canteen in [facts.canteen(), facts.canteen(school: facts.otherSchool)] {
                tables.canteens[canteen.canteenId] = canteen
            }
            tables.representatives[account.representativeId] = account
            tables.grants[account.representativeId] = [grant.grantId: grant]
            tables.logins[login] = ParentLogin(
                hash: login, representativeId: account.representativeId, createdAt: now, lastSeenAt: now)
        }
    }

    func begin(_ id: ViewSessionID? = nil, camera: String = "camera-1") throws {
        let now = clock.now()
        state.begin(
            ViewSession(
                sessionId: id ?? session, viewer: .representative(facts.representativeId), principal: nil, reason: nil,
                cameraId: CameraID(camera), canteenId: facts.canteen().canteenId, schoolId: facts.school,
                loginHash: login,
                startedAt: now, expiresAt: now + ViewSession.length, allowedUntil: try facts.at("13:00:00"),
                endsBy: .windowEnd, lastSegmentAt: now))
    }

    func segment(
        _ number: Int = 1, id: ViewSessionID? = nil, camera: String = "camera-1", login: [UInt8]? = nil,
        person: PersonID? = nil
    ) -> AuthorizeAnswer {
        state.authorize(
            originalURI: "/video/live/\(id ?? session)/\(camera)/seg-00000\(number).ts",
            loginHash: login ?? (person == nil ? self.login : nil), person: person, now: clock.now())
    }

    let allowed = AuthorizeAnswer.allowed(gbId: "44078300111327000001")

    /// Scenario 12: issued 12:59:30, the window ends at 13:00:00; no segment from then on, ended by the window.
    @Test func theWindowsEndCutsTheStream() throws {
        try begin()
        #expect(segment() == allowed)
        clock.set(try facts.at("12:59:59.999"))
        #expect(segment(2) == allowed)
        #expect(state.sweep(now: clock.now()).isEmpty)
        clock.set(try facts.at("13:00:00"))
        #expect(segment(3) == .refused(.outsideWindow))
        let ended = state.sweep(now: clock.now())
        #expect(ended.map(\.cause) == [.windowEnd])
        #expect(segment(3) == .refused(.sessionEnded))
        // The clock goes back: what has ended stays ended.
        clock.set(try facts.at("12:59:00"))
        #expect(segment(3) == .refused(.sessionEnded))
    }

    /// Scenario 13: the very next segment after a revocation is refused.
    @Test func aRevokedGrantCutsTheStream() throws {
        try begin()
        #expect(segment() == allowed)
        let (id, now) = (facts.representativeId, clock.now())
        state.withTables { $0.grants[id]?[GrantID("grant-1")]?.revokedAt = now }
        #expect(segment() == .refused(.notGranted))
        #expect(state.sweep(now: now).map(\.cause) == [.revoked])
    }

    @Test(arguments: ["account", "licence", "camera", "login", "closed"])
    func whateverElseTakesTheRightAwayCutsTheStream(_ what: String) throws {
        try begin()
        #expect(segment() == allowed)
        let (id, login, canteen, now) = (facts.representativeId, login, facts.canteen().canteenId, clock.now())
        state.withTables { tables in
            switch what {
            case "account": tables.representatives[id]?.state = .suspended
            case "licence": tables.canteens[canteen]?.licenceRevoked = true
            case "camera": tables.cameras[CameraID("camera-1")]?.status = .offline
            case "login": tables.logins[login]?.endedAt = now
            default: tables.canteens[canteen]?.operating = false
            }
        }
        guard case .refused = segment() else {
            Issue.record("\(what): the segment was served")
            return
        }
        let expected: [String: ViewEnd] = [
            "account": .revoked, "licence": .licenceRevoked, "camera": .cameraUnavailable, "login": .expired,
            "closed": .licenceRevoked,
        ]
        #expect(state.sweep(now: now).map(\.cause) == [expected[what]])
    }

    @Test func aSessionIsGoodForItsCameraItsViewerAndItsCookieOnly() throws {
        try begin()
        #expect(segment(camera: "camera-2") == .refused(.wrongCamera))
        #expect(segment(login: [UInt8](repeating: 8, count: 32)) == .refused(.wrongViewer))
        #expect(segment(person: PersonID("person-1")) == .refused(.notSignedIn))
        #expect(segment(id: ViewSessionID("01890a5d-ac96-774b-bcce-b302099a8058")) == .refused(.sessionUnknown))
        #expect(
            state.authorize(
                originalURI: "/video/live/\(session)/camera-1/../camera-2/index.m3u8", loginHash: login, person: nil,
                now: clock.now()) == .refused(.path))
    }

    @Test func aSessionLastsTenMinutesAndIsRenewable() throws {
        clock.set(try facts.at("11:00:00"))
        let (now, login) = (clock.now(), login)
        state.withTables { $0.logins[login]?.lastSeenAt = now }
        try begin()
        clock.advance(by: .seconds(599))
        #expect(segment() == allowed)
        #expect(state.renew(session, now: clock.now())?.expiresAt == clock.now() + .seconds(600))
        clock.advance(by: .seconds(599))
        #expect(segment() == allowed)
        clock.advance(by: .seconds(1))
        #expect(segment() == .refused(.sessionExpired))
        #expect(state.sweep(now: clock.now()).map(\.cause) == [.expired])
        #expect(state.renew(session, now: clock.now())?.ended == .expired)
    }

    @Test func oneStreamPerRepresentative() throws {
        try begin()
        let second = ViewSessionID("01890a5d-ac96-774b-bcce-b302099a8059")
        try begin(second, camera: "camera-2")
        #expect(segment() == .refused(.sessionEnded))
        #expect(state.session(session)?.ended == .replaced)
        #expect(segment(id: second, camera: "camera-2") == allowed)
        #expect(state.runningSessions == 1)
    }

    @Test func streamsOfASchoolAreLimited() throws {
        for number in 0..<2 {
            let now = clock.now()
            state.begin(
                ViewSession(
                    sessionId: ViewSessionID.new(), viewer: .representative(RepresentativeID("other-\(number)")),
                    principal: nil, reason: nil, cameraId: CameraID("camera-1"), canteenId: facts.canteen().canteenId,
                    schoolId: facts.school, loginHash: [UInt8(number)], startedAt: now, expiresAt: now + .seconds(600),
                    allowedUntil: now + .seconds(600), endsBy: .windowEnd, lastSegmentAt: now))
        }
        let (viewer, now) = (ViewerIdentity.representative(facts.representativeId), clock.now())
        #expect(state.streamLimit(viewer, school: facts.school, now: now) == .schoolLimit)
        #expect(state.streamLimit(viewer, school: facts.otherSchool, now: now) == nil)
    }

    @Test func aViewerWhoLeftIsNoticedAfterThirtySeconds() throws {
        clock.set(try facts.at("12:00:00"))
        try begin()
        clock.advance(by: .seconds(29))
        #expect(state.sweep(now: clock.now()).isEmpty)
        clock.advance(by: .seconds(1))
        #expect(state.sweep(now: clock.now()).map(\.cause) == [.idle])
        // Not ended by the sweep alone: another replica may be serving the segments.
        #expect(state.session(session)?.ended == nil)
    }

    @Test func aDismissedOfficerIsCutThoughTheTokenIsStillValid() throws {
        let now = clock.now()
        let officer = facts.officer()
        state.begin(
            ViewSession(
                sessionId: session, viewer: .staff(officer.personId), principal: officer, reason: .patrol,
                cameraId: CameraID("camera-1"), canteenId: facts.canteen().canteenId, schoolId: facts.school,
                loginHash: nil, startedAt: now, expiresAt: now + .seconds(600), allowedUntil: now + .seconds(600),
                endsBy: .expired, lastSegmentAt: now))
        #expect(segment(person: officer.personId) == allowed)
        #expect(segment(person: PersonID("person-2")) == .refused(.wrongViewer))
        #expect(segment() == .refused(.notSignedIn))
        state.withTables { $0.dismissed[Appointment(officer)] = LocalDate(now) }
        #expect(segment(person: officer.personId) == .refused(.roleNotAllowed))
    }

    /// The database is read a moment before a session ends and applied a moment after: it must not come back.
    @Test func aLateReadingOfTheDatabaseCannotBringASessionBack() throws {
        try begin()
        let asRead = try #require(state.session(session))
        state.end(session, by: .revoked)
        state.withTables { $0.insert(asRead) }
        #expect(segment() == .refused(.sessionEnded))
    }
}
