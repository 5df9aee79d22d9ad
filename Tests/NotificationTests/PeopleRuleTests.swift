import Calendar
import Delivery
import ServiceKit
import Testing

@testable import NotificationService

@Suite struct PeopleRuleTests {
    private func at(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    @Test func quietHoursMayPassMidnight() throws {
        let night = try #require(QuietHours("22:00-07:00"))
        #expect(try night.end(from: at("2026-11-23T21:59:59+08:00")) == at("2026-11-23T21:59:59+08:00"))
        #expect(try night.end(from: at("2026-11-23T22:00:00+08:00")) == at("2026-11-24T07:00:00+08:00"))
        #expect(try night.end(from: at("2026-11-24T06:59:59+08:00")) == at("2026-11-24T07:00:00+08:00"))
        #expect(try night.end(from: at("2026-11-24T07:00:00+08:00")) == at("2026-11-24T07:00:00+08:00"))
        let noon = try #require(QuietHours("12:00-14:00"))
        #expect(try noon.end(from: at("2026-11-24T13:00:00+08:00")) == at("2026-11-24T14:00:00+08:00"))
        let none = try #require(QuietHours("none"))
        #expect(try none.end(from: at("2026-11-24T00:00:00+08:00")) == at("2026-11-24T00:00:00+08:00"))
        for wrong in ["", "22-7", "24:00-07:00", "22:00", "22:00-07:00-08:00"] { #expect(QuietHours(wrong) == nil) }
    }

    @Test func urgentGoesAtOnceOthersAreGroupedCooledAndKeptFromTheNight() throws {
        let timing = MessageTiming()
        let day = try at("2026-11-23T10:00:00+08:00")
        #expect(timing.due(now: day, isUrgent: true, lastAboutTheMatter: day) == day)
        #expect(timing.due(now: day, isUrgent: false, lastAboutTheMatter: nil) == day + .seconds(120))
        #expect(timing.due(now: day, isUrgent: false, lastAboutTheMatter: day - .seconds(60)) == day + .seconds(1740))
        let late = try at("2026-11-23T21:59:00+08:00")
        #expect(try timing.due(now: late, isUrgent: false, lastAboutTheMatter: nil) == at("2026-11-24T07:00:00+08:00"))
        #expect(MessageTiming.retry(afterAttempt: 1, random: 0) == .seconds(60))
        #expect(MessageTiming.retry(afterAttempt: 99, random: 0) == .seconds(7200))
    }

    @Test func theLadderHasTwoStepsForTheTwoGraverClasses() {
        let ladder = EscalationLadder()
        #expect(ladder.steps(severity: 1, silentFor: .seconds(1799)) == [])
        #expect(ladder.steps(severity: 1, silentFor: .seconds(1800)) == [1])
        #expect(ladder.steps(severity: 1, silentFor: .seconds(7200)) == [1, 2])
        #expect(ladder.steps(severity: 2, silentFor: .seconds(7200)) == [])
        #expect(ladder.steps(severity: 3, silentFor: .seconds(900_000)) == [])
        #expect(EscalationLadder.parse("30,120", unit: .seconds(60)) == ladder.classOne)
        for wrong in ["", "30", "120,30", "0,5", "a,b"] {
            #expect(EscalationLadder.parse(wrong, unit: .seconds(60)) == nil)
        }
    }

    @Test func addressesAreReadStrictlyAndShownMasked() {
        for wrong in ["", "a", "a@b", "a b@c.cn", "a@c.cn\r\nRCPT TO:<x@y.cn>", "<a@c.cn>", "a@-.", "é@c.cn"] {
            #expect(ContactChannel.mail.normalised(wrong) == nil, "\(wrong)")
        }
        #expect(ContactChannel.mail.normalised("Chen@City.GOV.cn") == "Chen@city.gov.cn")
        #expect(ContactChannel.sms.normalised("12800138000") == nil)
        #expect(ContactChannel.sms.masked("13800138000") == "138****8000")
        #expect(ContactChannel.mail.masked("chen@city.gov.cn") == "c***@city.gov.cn")
    }

    @Test func aTemplateFillsEachFieldOnceAndNeverLooksIntoValues() {
        let template = MessageTemplate(
            name: .notice, language: .zh, version: 1, subject: "{school}\n{kind}", body: "{item} {unknown}")
        let text = template.render(["school": "{link}", "kind": "k", "item": "i", "link": "secret"])
        #expect(text.subject == "{link} k" && text.body == "i ")
        #expect(MessageTemplate.unknownFields(in: "{school} {Pupil} {}", of: .notice) == ["Pupil", ""])
        for name in MessageTemplate.Name.allCases {
            for language in [Language.zh, .en] {
                let wording = MessageTemplate.builtIn(name, language)
                #expect(MessageTemplate.unknownFields(in: wording.subject + wording.body, of: name).isEmpty)
            }
        }
    }
}
