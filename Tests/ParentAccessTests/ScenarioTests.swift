import Access
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import ParentAccessService

extension WithDatabase {
    /// Acceptance scenarios 12–14 and 25 of domain §7.6, over HTTP, with a clock that is moved by hand.
    @Suite struct ScenarioTests {
        @Test func aRepresentativeIsInvitedAcceptsAndWatches() async throws {
            try await Story.run { story in
                let (invited, cookie) = try await story.representative()
                #expect(try await story.journal("representative.invited").count == 1)
                #expect(try await story.journal("representative.activated").count == 1)
                #expect(try await story.journal("grant.created").first?.contains(invited.representativeId) == true)
                let playlist = try await story.watch(cookie: cookie)
                #expect(playlist.hasPrefix("/video/live/") && playlist.hasSuffix("/camera-1/index.m3u8"))
                let answer = try await story.authorize(playlist, cookie: cookie)
                #expect(answer.status == 204 && answer.path == "44070300111327000000")
                #expect(try await story.authorize(playlist).status == 401)
                #expect(try await story.authorize(playlist, cookie: String(repeating: "x", count: 43)).status == 403)
                let started = try #require(try await story.journal("view.started").first)
                #expect(started.contains("\"viewer_kind\":\"parent\"") && started.contains(invited.representativeId))
            }
        }

        /// 12: the ticket is issued at 12:59:30, the window ends at 13:00:00.
        @Test func theWindowsEndCutsTheStreamAndIsWrittenDown() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                story.client.clock.set(try #require(.init(rfc3339: "2026-11-23T10:58:00+08:00")))
                _ = try await story.client.page("/parent/", cookies: [CookieName.parent: cookie])
                story.client.clock.set(try #require(.init(rfc3339: "2026-11-23T12:57:00+08:00")))
                _ = try await story.client.page("/parent/", cookies: [CookieName.parent: cookie])
                story.client.clock.set(try #require(.init(rfc3339: "2026-11-23T12:59:30+08:00")))
                let playlist = try await story.watch(cookie: cookie)
                let segment = playlist.replacing("index.m3u8", with: "seg-000042.ts")
                story.client.clock.set(try #require(.init(rfc3339: "2026-11-23T12:59:59+08:00")))
                #expect(try await story.authorize(segment, cookie: cookie).status == 204)
                story.client.clock.set(try #require(.init(rfc3339: "2026-11-23T13:00:00+08:00")))
                let refused = try await story.authorize(segment, cookie: cookie)
                #expect(refused.status == 403 && refused.refusal == "outside_window")
                try await story.sweep()
                #expect(try await story.journal("view.ended").first?.contains("\"ended_by\":\"window_end\"") == true)
                #expect(try await story.authorize(playlist, cookie: cookie).refusal == "session_ended")
                try await story.sweep()
                #expect(try await story.journal("view.ended").count == 1)
                #expect(try await story.open("camera-1", cookie: cookie).status == .forbidden)
            }
        }

        /// 13: the school revokes in the middle of a stream.
        @Test(arguments: ["grant", "account", "suspend"]) func aRevocationCutsTheStream(_ what: String) async throws {
            try await Story.run { story in
                let (invited, cookie) = try await story.representative()
                let playlist = try await story.watch(cookie: cookie)
                #expect(try await story.authorize(playlist, cookie: cookie).status == 204)
                let base = "/parent/school/representatives/\(invited.representativeId)"
                let path = [
                    "grant": "\(base)/grants/\(invited.grantId)/revoke", "account": "\(base)/revoke",
                    "suspend": "\(base)/suspend",
                ]
                let answer = try await story.client.submit(
                    try #require(path[what]), as: TestPersons.platformOperator, [])
                #expect(answer.status == .seeOther)
                #expect([401, 403].contains(try await story.authorize(playlist, cookie: cookie).status))
                try await story.sweep()
                #expect(try await story.journal("view.ended").first?.contains("\"ended_by\":\"revoked\"") == true)
                #expect(try await story.journal("grant.revoked").count == (what == "suspend" ? 0 : 1))
                let again = try await story.client.submit(
                    try #require(path[what]), as: TestPersons.platformOperator, [])
                #expect(again.status == .seeOther)
                #expect(try await story.journal("grant.revoked").count == (what == "suspend" ? 0 : 1))
            }
        }

        /// 13, from another replica: only the database knows, the next refresh brings it in.
        @Test func aRevocationCommittedElsewhereArrivesWithTheNextRefresh() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let playlist = try await story.watch(cookie: cookie)
                try await story.client.pool.execute(
                    "UPDATE view_grant SET revoked_at = now(), revoke_reason = 'elsewhere'")
                #expect(try await story.authorize(playlist, cookie: cookie).status == 204)
                try await story.service.refresher.refresh()
                #expect(try await story.authorize(playlist, cookie: cookie).refusal == "camera_not_granted")
            }
        }

        /// 14: another school's camera is as if it did not exist, and the attempt is on record. So are the others.
        @Test func whatWasNotOpenedIsRefusedAndWrittenDown() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let foreign = try await story.open(Story.foreignCamera, cookie: cookie)
                let unknown = try await story.open("camera-nowhere", cookie: cookie)
                #expect(foreign.status == .notFound && unknown.status == .notFound)
                #expect(try await story.open(Story.thirdCamera, cookie: cookie).status == .forbidden)
                #expect(try await story.open(Story.anteroom, cookie: cookie).status == .forbidden)
                let reasons = try await story.journal("ticket.refused")
                #expect(reasons.count == 4)
                for reason in ["camera_of_other_school", "camera_unknown", "camera_not_granted", "anteroom"] {
                    #expect(
                        reasons.contains {
                            $0.contains("\"reason\":\"\(reason)\"") && $0.contains("\"school_id\":\"school-1\"")
                        })
                }
            }
        }

        @Test func theRegistrysNewsCutTheStream() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let playlist = try await story.watch(cookie: cookie)
                try await story.client.pool.transaction { tx in
                    try await story.save(camera: Story.camera, school: TestPersons.school, status: .offline, tx)
                }
                try await story.service.refresher.refresh()
                #expect(try await story.authorize(playlist, cookie: cookie).refusal == "camera_not_active")
                try await story.client.pool.transaction { tx in
                    try await story.save(camera: Story.camera, school: TestPersons.school, status: .active, tx)
                    try await ProjectionStore.revokeLicence(CanteenID("canteen-1"), number: "JY3440703000001", tx)
                }
                try await story.service.refresher.refresh()
                #expect(try await story.authorize(playlist, cookie: cookie).refusal == "licence_revoked")
                try await story.sweep()
                #expect(try await story.journal("view.ended").first?.contains("licence_revoked") == true)
            }
        }

        /// 25: the person is erased, the record keeps the pseudonym, the session is over.
        @Test func anErasedRepresentativeLeavesOnlyAPseudonym() async throws {
            try await Story.run { story in
                let (invited, cookie) = try await story.representative()
                let playlist = try await story.watch(cookie: cookie)
                let page = try await story.client.submit(
                    "/parent/account/erase", cookies: [CookieName.parent: cookie], [("confirm", "yes")])
                #expect(page.status == .seeOther)
                #expect(try await story.authorize(playlist, cookie: cookie).status == 403)
                try await story.sweep()
                for table in ["representative_person", "credential", "login", "consent", "invitation"] {
                    let left = try await story.client.pool.query("SELECT 1 AS n FROM \(identifier: table)") {
                        row -> Int in
                        try row["n"]
                    }
                    #expect(left.isEmpty, "\(table)")
                }
                let views = try await story.client.page("/parent/school/views", as: TestPersons.principal)
                #expect(
                    views.status == .ok && views.text.contains(invited.accountNumber) && !views.text.contains("家委会"))
                let everything = try await story.client.pool.query(
                    "SELECT convert_from(data, 'UTF8') AS d FROM journal"
                ) { row -> String in
                    try row["d"]
                }
                #expect(!everything.contains { $0.contains("家委会") || $0.contains(invited.token) })
                #expect(
                    try await story.client.page("/parent/", cookies: [CookieName.parent: cookie]).status == .seeOther)
            }
        }

        @Test func theFirstLoadBringsRunningSessionsBack() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let playlist = try await story.watch(cookie: cookie)
                // A process that starts afresh on the same database.
                let fresh = try await ParentAccess(runtime: story.client.runtime, settings: story.service.settings)
                try await fresh.refresher.refresh()
                let hash = try #require(SecretToken(received: cookie)).hash
                let answer = fresh.live.authorize(
                    originalURI: playlist, loginHash: hash, person: nil, now: story.client.clock.now())
                #expect(answer == .allowed(gbId: "44070300111327000000"))
            }
        }
    }
}
