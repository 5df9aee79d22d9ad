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
    /// Two children in two schools: two accounts in one browser, and what the representatives' page tells of a canteen.
    @Suite struct SwitchTests {
        private func invite(_ story: Story, by person: Principal, camera: String) async throws -> Story.Invited {
            let answer = try await story.client.post(
                "/parent/v1/representatives", as: person, json: Story.wish(cameras: [camera]))
            try #require(answer.status == .created, "\(answer.text)")
            let invited: Story.Invited = try answer.json()
            story.client.clock.advance(by: .seconds(61))
            try #require(try await story.accept(invited).status == .ok)
            return invited
        }

        @Test func oneBrowserHoldsBothAccountsAndEachSeesItsOwnSchoolOnly() async throws {
            try await Story.run { story in
                let client = story.client
                let first = try await invite(story, by: TestPersons.principal, camera: Story.camera)
                let second = try await invite(story, by: TestPersons.otherPrincipal, camera: Story.foreignCamera)
                let cookie = try await story.logIn(first.accountNumber)
                let form = try await client.page("/parent/login?add=yes", cookies: [CookieName.parent: cookie])
                #expect(form.status == .ok && form.text.contains("现在的账号仍保持登录"))
                let added = try await client.submit(
                    "/parent/login", cookies: [CookieName.parent: cookie],
                    [("account", second.accountNumber), ("password", Story.password), ("add", "yes")])
                try #require(added.status == .seeOther, "\(added.text)")
                let other = try #require(Story.cookie(CookieName.parent, added))
                #expect(Story.cookie(ParentSwitch.cookie, added) == cookie)

                let both = [CookieName.parent: other, ParentSwitch.cookie: cookie]
                let home = try await client.page("/parent/", cookies: both).text
                #expect(home.contains("江海区示例小学") && home.contains("切换到 蓬江区示例小学"))
                #expect(try await client.page("/video/open/\(Story.camera)", cookies: both).status == .notFound)
                let exchanged = try await client.submit("/parent/switch", cookies: both, [])
                #expect(Story.cookie(CookieName.parent, exchanged) == cookie)
                #expect(Story.cookie(ParentSwitch.cookie, exchanged) == other)

                // Leaving ends both; a session that is over is not switched to.
                _ = try await client.submit("/parent/logout", cookies: both, [])
                let again = try await story.logIn(first.accountNumber)
                let stale = [CookieName.parent: again, ParentSwitch.cookie: other]
                #expect(try await !client.page("/parent/", cookies: stale).text.contains("切换到"))
                let refused = try await client.submit("/parent/switch", cookies: stale, [])
                #expect(refused.headers[.location] == "/parent/login?add=yes")
                #expect(Story.cookie(CookieName.parent, refused) == nil)
            }
        }

        @Test func thePageTellsTodaysMenuAndForgetsWhatWasWithdrawn() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let now = story.client.clock.now()
                func home() async throws -> String {
                    try await story.client.page("/parent/", cookies: [CookieName.parent: cookie]).text
                }
                #expect(try await !home().contains("今日食谱"))
                func menu(_ version: Int, _ dish: String) -> MenuPublished {
                    MenuPublished(
                        canteenId: CanteenID("canteen-1"), day: LocalDate(now), version: version,
                        meals: [MenuMeal(meal: .lunch, dishes: [dish, "米饭"])], publishedAt: now)
                }
                try await story.take(menu(2, "清蒸鱼"))
                try await story.take(menu(1, "红烧肉"))
                #expect(try await home().contains("清蒸鱼、米饭"))
                try await story.take(
                    ItemPublished(
                        itemId: ItemID("item-1"), canteenId: CanteenID("canteen-1"), category: .d3, version: 1,
                        publishedAt: now, validTo: nil))
                #expect(try await home().contains("食品安全承诺书"))
                try await story.take(
                    CompletenessChanged(canteenId: CanteenID("canteen-1"), present: [.d1], missing: [.d3]))
                #expect(try await !home().contains("食品安全承诺书"))
            }
        }
    }
}
