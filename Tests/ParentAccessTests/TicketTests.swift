import Access
import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import ParentAccessService

extension WithDatabase {
    @Suite struct TicketTests {
        @Test func aTicketWinsOnceInASixtyFourWayRace() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let start = try #require(try await story.open(Story.camera, cookie: cookie).headers[.location])
                let codes = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<64 {
                        group.addTask {
                            try await story.client.page(start, cookies: [CookieName.parent: cookie]).status.code
                        }
                    }
                    var codes: [Int] = []
                    for try await code in group { codes.append(code) }
                    return codes
                }
                #expect(codes.count { $0 == 303 } == 1)
                #expect(codes.count { $0 == 403 } == 63)
                #expect(try await story.journal("view.started").count == 1)
            }
        }

        @Test func aTicketIsForOneViewerOneUseAndOneMinute() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let (_, otherCookie) = try await story.representative()
                let start = try #require(try await story.open(Story.camera, cookie: cookie).headers[.location])
                #expect(
                    try await story.client.page(start, cookies: [CookieName.parent: otherCookie]).status == .forbidden)
                #expect(try await story.client.page(start, as: TestPersons.county).status == .forbidden)
                #expect(try await story.client.get(start).status == .unauthorized)
                #expect(try await story.client.page(start, cookies: [CookieName.parent: cookie]).status == .seeOther)
                #expect(try await story.client.page(start, cookies: [CookieName.parent: cookie]).status == .forbidden)
                let late = try #require(try await story.open(Story.camera, cookie: cookie).headers[.location])
                story.client.clock.advance(by: .seconds(60))
                #expect(try await story.client.page(late, cookies: [CookieName.parent: cookie]).status == .forbidden)
                #expect(try await story.journal("ticket.refused").contains { $0.contains("ticket_expired") })
                #expect(
                    try await story.client.page("/video/start/nonsense", cookies: [CookieName.parent: cookie]).status
                        == .forbidden)
            }
        }

        @Test func theRightMayGoBetweenTicketAndStart() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let start = try #require(try await story.open(Story.camera, cookie: cookie).headers[.location])
                try await story.client.pool.execute("UPDATE view_grant SET revoked_at = now()")
                try await story.service.refresher.refresh()
                #expect(try await story.client.page(start, cookies: [CookieName.parent: cookie]).status == .forbidden)
                #expect(try await story.journal("view.started").isEmpty)
            }
        }

        @Test func aSecondStreamReplacesTheFirst() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let first = try await story.watch(cookie: cookie)
                let second = try await story.watch(Story.secondCamera, cookie: cookie)
                #expect(try await story.authorize(first, cookie: cookie).refusal == "session_ended")
                #expect(try await story.authorize(second, cookie: cookie).status == 204)
                #expect(try await story.journal("view.ended").first?.contains("replaced") == true)
                let mixed = first.replacing("camera-1", with: "camera-2")
                #expect(try await story.authorize(mixed, cookie: cookie).refusal == "wrong_camera")
                for trick in [
                    "/../camera-2/index.m3u8", "/%2e%2e/index.m3u8", "/index.m3u8?a=1&a=2", "/INDEX.m3u8",
                    "//index.m3u8",
                ] {
                    let path = second.replacing("/index.m3u8", with: trick)
                    #expect(try await story.authorize(path, cookie: cookie).refusal == "path_not_allowed", "\(trick)")
                }
            }
        }

        @Test func officersNeedAReasonAndTheirOwnArea() async throws {
            try await Story.run { story in
                let path = "/video/open/\(Story.camera)"
                let none = try await story.client.get(path, as: TestPersons.station)
                #expect(none.status == .unprocessableContent && none.problemCode == "reason_missing")
                #expect(
                    try await story.client.get(path + "?reason=curiosity", as: TestPersons.station).problemCode
                        == "reason_missing")
                #expect(
                    try await story.client.get(path + "?reason=patrol&ref=a%20b", as: TestPersons.station).problemCode
                        == "not_an_id")
                #expect(
                    try await story.client.get(path + "?reason=patrol", as: TestPersons.otherStation).status
                        == .notFound)
                #expect(
                    try await story.client.get(path + "?reason=patrol", as: TestPersons.auditor).status == .forbidden)
                #expect(
                    try await story.client.get(path + "?reason=patrol", as: TestPersons.parent).status == .unauthorized)
                let opened = try await story.client.page(path + "?reason=patrol&ref=patrol-1", as: TestPersons.station)
                let started = try await story.client.page(
                    try #require(opened.headers[.location]), as: TestPersons.station)
                let playlist = try #require(started.headers[.location])
                let bearer = try await story.client.tokens.token(TestPersons.station, now: story.client.clock.now())
                #expect(try await story.authorize(playlist, bearer: bearer).status == 204)
                let other = try await story.client.tokens.token(TestPersons.county, now: story.client.clock.now())
                #expect(try await story.authorize(playlist, bearer: other).refusal == "wrong_viewer")
                #expect(try await story.journal("view.started").first?.contains("\"reason\":\"patrol\"") == true)
                // An open patrol must not show in the school's list.
                let list = try await story.client.page("/parent/school/views", as: TestPersons.principal)
                #expect(list.status == .ok && list.text.contains("还没有观看记录"))
            }
        }

        @Test func theStateOfASessionIsItsOwnersOnly() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let playlist = try await story.watch(cookie: cookie)
                let id = playlist.split(separator: "/")[2]
                let cookies = [CookieName.parent: cookie]
                let state = try await story.client.page("/video/sessions/\(id)", cookies: cookies)
                #expect(
                    state.status == .ok && state.text.contains("\"state\":\"running\"")
                        && state.text.contains("蓬江区示例小学"))
                #expect(state.headers[.cacheControl] == "no-store")
                let current = try await story.client.page(
                    "/video/sessions/current?camera=\(Story.camera)", cookies: cookies)
                #expect(current.text.contains(id))
                let (_, other) = try await story.representative()
                #expect(
                    try await story.client.page("/video/sessions/\(id)", cookies: [CookieName.parent: other]).status
                        == .notFound)
                let foreignEnd = try await story.client.submit(
                    "/video/sessions/\(id)/end", cookies: [CookieName.parent: other], [])
                #expect(foreignEnd.status == .notFound)
                #expect(
                    try await story.client.submit("/video/sessions/\(id)/end", cookies: cookies, []).status
                        == .noContent)
                let ended = try await story.client.page("/video/sessions/\(id)", cookies: cookies)
                #expect(ended.text.contains("\"ended_by\":\"closed_by_viewer\""))
                #expect(try await story.authorize(playlist, cookie: cookie).refusal == "session_ended")
            }
        }
    }
}
