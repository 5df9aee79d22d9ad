import Access
import Calendar
import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import ParentAccessService

extension WithDatabase {
    /// What people try at the video door and with lists (bad inputs of art 12).
    @Suite struct HostileTests {
        @Test func sixtyFourWhoUseOneTicketAtOnceAreOneViewer() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let opened = try await story.open(Story.camera, cookie: cookie)
                let start = try #require(opened.headers[.location])
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<64 {
                        group.addTask {
                            try await story.client.page(start, cookies: [CookieName.parent: cookie]).status.code
                        }
                    }
                    return try await group.reduce(into: [Int]()) { $0.append($1) }
                }
                #expect(statuses.count { $0 == 303 } == 1)
                #expect(statuses.count { $0 == 403 } == 63)
                #expect(try await story.journal("view.started").count == 1)
                // Knocking without end fills no journal: five entries, the rest as one sum.
                #expect(try await story.journal("ticket.refused").count == RefusalTally.single)
                try await story.service.sweeper.writeDownRefusals(all: true)
                let all = try await story.journal("ticket.refused")
                #expect(all.count == RefusalTally.single + 1)
                #expect(all.last?.contains("\"count\":\(63 - RefusalTally.single)") == true)
            }
        }

        /// Whatever somebody is refused for, and however often: a bounded number of entries a minute.
        @Test func oneViewerFillsNoJournal() throws {
            let tally = RefusalTally()
            let now = try #require(Instant(rfc3339: "2026-11-24T09:00:00+08:00"))
            func knock(_ reason: Int, at time: Instant) -> Bool {
                tally.isSingle(.init(viewer: "staff:a", school: nil, reason: "reason \(reason)"), now: time)
            }
            let single = (0..<1000).count { knock($0 % 50, at: now) }
            #expect(single == RefusalTally.singlePerViewer)
            #expect(tally.isSingle(.init(viewer: "staff:b", school: nil, reason: "reason"), now: now))
            let sums = tally.drain(now: now + RefusalTally.window)
            #expect(sums.reduce(0) { $0 + $1.count } == 1000 - single)
            #expect(knock(1, at: now + RefusalTally.window))
        }

        /// A number that nobody has answers as one that somebody has: same words, same lock.
        @Test func aLockTellsNotWhetherAnAccountExists() async throws {
            try await Story.run { story in
                let number = try await story.representative().invited.accountNumber
                func guess(_ number: String) async throws -> String {
                    let answer = try await story.client.post(
                        "/parent/v1/login",
                        json: ["account_number": number, "password": "wrong wrong wrong"])
                    return "\(answer.status.code) \(answer.problemCode ?? "")"
                }
                var known: [String] = []
                var unknown: [String] = []
                for _ in 0..<7 {
                    known.append(try await guess(number))
                    unknown.append(try await guess("P-2026-2222-2222"))
                }
                #expect(known == unknown && known.last?.hasPrefix("429") == true, "\(known) \(unknown)")
            }
        }

        @Test func aSecondReplicaServesAtOnceWhatTheFirstBegan() async throws {
            try await Story.run { story in
                let other = try await ParentAccess(runtime: story.client.runtime, settings: story.service.settings)
                try await other.refresher.refresh()
                let (_, cookie) = try await story.representative()
                let playlist = try await story.watch(cookie: cookie)
                let hash = try #require(SecretToken(received: cookie)).hash
                let now = story.client.clock.now()
                let before = other.live.authorize(originalURI: playlist, loginHash: hash, person: nil, now: now)
                #expect(before == .refused(.sessionUnknown))
                try await other.refresher.refresh()
                let after = other.live.authorize(originalURI: playlist, loginHash: hash, person: nil, now: now)
                #expect(after == .allowed(gbId: "44070300111327000000"))
            }
        }

        @Test func aThousandInvitationsAtOnceAreAllOrNothing() async throws {
            try await Story.run(environment: ["REPRESENTATIVES_PER_SCHOOL": "1000"]) { story in
                let grant: [(String, String)] = [
                    ("zones", "Z3"), ("from_1_0", "08:00"), ("to_1_0", "13:00"), ("valid_from", "2026-11-01"),
                    ("valid_to", "2027-07-31"),
                ]
                func upload(_ lines: [String]) async throws -> TestResponse {
                    let text = (["label,mobile_number"] + lines).joined(separator: "\r\n")
                    return try await story.client.upload(
                        "/parent/school/import", as: TestPersons.principal, grant,
                        files: [("list", "list.csv", "text/csv", Array(text.utf8))])
                }
                let people = (0..<1000).map { "家委会 \($0) 号," + String(13_800_000_000 + $0) }
                var faulty = people
                faulty[500] = "家委会,123"
                let refused = try await upload(faulty)
                #expect(refused.status == .unprocessableContent && refused.text.contains("第 502 行"))
                #expect(try await story.journal("representative.invited").isEmpty)
                let made = try await upload(people)
                #expect(made.status == .created, "\(made.text.prefix(400))")
                #expect(try await story.journal("representative.invited").count == 1000)
                let more = try await upload(["家委会 1001 号,13900000001"])
                #expect(more.status == .conflict)
            }
        }

        @Test func aTermIsRenewedForExpiredAccountsToo() async throws {
            try await Story.run { story in
                let (invited, cookie) = try await story.representative()
                story.client.clock.set(try #require(Instant(rfc3339: "2027-09-06T09:00:00+08:00")))
                try await story.service.sweeper.expire()
                try await story.service.refresher.refresh()
                #expect(try await story.open(Story.camera, cookie: cookie).status == .unauthorized)
                let renewed = try await story.client.submit(
                    "/parent/school/renewal", as: TestPersons.principal,
                    [
                        ("representatives", invited.representativeId), ("valid_from", "2027-09-01"),
                        ("valid_to", "2028-01-31"),
                    ])
                #expect(renewed.status == .seeOther, "\(renewed.text)")
                let again = try await story.logIn(invited.accountNumber)
                #expect(try await story.open(Story.camera, cookie: again).status == .seeOther)
            }
        }

        @Test func aGuestOfAnOrganWatchesForAFewDays() async throws {
            try await Story.run { story in
                let form: [(String, String)] = [
                    ("canteen_id", "canteen-1"), ("label", "市人大代表 3 号"), ("camera_ids", Story.camera),
                    ("from_1_0", "08:00"), ("to_1_0", "13:00"), ("valid_from", "2026-11-23"),
                    ("valid_to", "2026-11-25"),
                ]
                let elsewhere = try await story.client.submit("/parent/guests", as: TestPersons.otherCounty, form)
                #expect(elsewhere.status == .notFound)
                let long = form.filter { $0.0 != "valid_to" } + [("valid_to", "2027-03-01")]
                #expect(
                    try await story.client.submit("/parent/guests", as: TestPersons.county, long).status
                        == .unprocessableContent)
                let made = try await story.client.submit("/parent/guests", as: TestPersons.county, form)
                try #require(made.status == .created, "\(made.text)")
                let path = String(
                    try #require(made.text.firstMatch(of: #/\/parent\/invitation\/[A-Za-z0-9_-]{43}/#)).0)
                let number = String(try #require(made.text.firstMatch(of: #/P-2026-[A-Z0-9]{4}-[A-Z0-9]{4}/#)).0)
                try #require(
                    try await story.client.submit("\(path)/code", [("mobile_number", Story.number)]).status == .ok)
                try #require(
                    try await story.client.submit(
                        path,
                        [
                            ("mobile_number", Story.number), ("code", try story.lastCode()),
                            ("password", Story.password), ("password_again", Story.password),
                            ("consent", Consent.currentVersion),
                        ]
                    ).status == .ok)
                let cookie = try await story.logIn(number)
                _ = try await story.watch(cookie: cookie)
                #expect(try await story.open(Story.secondCamera, cookie: cookie).status == .forbidden)
                #expect(
                    try await story.journal("view.started").first?.contains("\"viewer_kind\":\"guest\"") == true)
                // The school sees who watched, and does not manage the organ's guest.
                let list = try await story.client.page("/parent/school", as: TestPersons.principal)
                #expect(!list.text.contains(number))
                let views = try await story.client.page("/parent/school/views", as: TestPersons.principal)
                #expect(views.text.contains("示例小学-第一食堂"))
            }
        }

        @Test func theCityDecidesItsLimitsWithTwoPersons() async throws {
            try await Story.run { story in
                let form: [(String, String)] = [
                    ("opens", "10:00"), ("closes", "12:00"), ("streams_per_school", "5"), ("streams_per_person", "4"),
                    ("quota", "10"), ("guest_days", "3"), ("effective_from", "2026-11-23"), ("reason", "试点"),
                ]
                #expect(
                    try await story.client.submit("/parent/city-rules", as: TestPersons.county, form).status
                        == .forbidden)
                let proposed = try await story.client.submit("/parent/city-rules", as: TestPersons.city, form)
                #expect(proposed.status == .seeOther, "\(proposed.text)")
                let page = try await story.client.page("/parent/approvals", as: TestPersons.city)
                let digest = String(try #require(page.text.firstMatch(of: #/[0-9a-f]{64}/#)).0)
                let id = String(try #require(page.text.firstMatch(of: #/approval-([0-9a-f-]{36})/#)).1)
                let decision = [("decision", "approve"), ("content_sha256", digest)]
                _ = try await story.client.submit("/parent/approvals/\(id)", as: TestPersons.city, decision)
                try await story.service.refresher.refresh()
                #expect(story.service.live.city(at: story.client.clock.now()).quota == 60)
                let second = Principal(
                    personId: PersonID("person-city-2"), role: .cityRegulator, organId: TestPersons.cityOrgan,
                    organLevel: .city, department: .marketSupervision, divisionCode: "440700")
                let agreed = try await story.client.submit("/parent/approvals/\(id)", as: second, decision)
                #expect(agreed.status == .seeOther, "\(agreed.text)")
                try await story.service.refresher.refresh()
                let rules = story.service.live.city(at: story.client.clock.now())
                #expect(rules.quota == 10 && rules.limits.text == "10:00–12:00")
                let wide = try await story.client.post(
                    "/parent/v1/representatives", as: TestPersons.principal, json: Story.wish())
                #expect(wide.problemCode == "window_outside_city_limit")
            }
        }
    }
}
