import Calendar
import Contracts
import Testing

@testable import DisclosureService

struct LicenceRuleTests {
    private let today = LocalDate(daysSinceEpoch: 20_780)

    @Test(
        "a licence is good until the end of its last day, and announces its end for sixty days",
        arguments: [(-1, LicenceState.expired), (0, .expiring), (60, .expiring), (61, .valid)])
    func stateByDaysLeft(days: Int, state: LicenceState) {
        #expect(LicenceState(validTo: today.adding(days: days), revokedOn: nil, today: today) == state)
    }

    @Test func aRevokedLicenceIsRevokedWhateverItsDates() {
        for days in [-400, 0, 400] {
            #expect(LicenceState(validTo: today.adding(days: days), revokedOn: today, today: today) == .revoked)
        }
    }

    @Test func theFirstFactsAreTheFirstVersion() {
        let facts = Story.licence()
        #expect(LicencePublication.afterFacts(facts, published: nil) == .publish(facts, reason: .first))
    }

    @Test func theSameFactsAreNoNewVersion() {
        let facts = Story.licence()
        #expect(LicencePublication.afterFacts(facts, published: facts) == .unchanged)
    }

    @Test func aRevocationStandsUntilThereIsAnotherLicence() {
        let published = Story.licence()
        let revoked = LicencePublication.afterRevocation(
            number: published.number, on: today, kind: "revoked", published: published)
        guard case .publish(let content, .revoked) = revoked else {
            Issue.record("not published")
            return
        }
        #expect(content.revokedOn == today)
        // A change of the canteen's name does not make the licence valid again.
        var renamed = Story.licence()
        renamed.premises = "二食堂"
        guard case .publish(let next, .corrected) = LicencePublication.afterFacts(renamed, published: content) else {
            Issue.record("not published")
            return
        }
        #expect(next.revokedOn == today)
        // Another number does.
        let renewed = Story.licence(number: "JY34407030000028")
        #expect(LicencePublication.afterFacts(renewed, published: content) == .publish(renewed, reason: .renewed))
        // And news about the old one changes nothing then.
        #expect(
            LicencePublication.afterRevocation(
                number: published.number, on: today, kind: "revoked", published: renewed) == .unchanged)
    }

    @Test func aRevocationToldTwiceIsOneVersion() {
        var published = Story.licence()
        published.revokedOn = today
        #expect(
            LicencePublication.afterRevocation(
                number: published.number, on: today.adding(days: 1), kind: "cancelled", published: published)
                == .unchanged)
    }

    @Test func aProblemIsLateOnlyWhileTheSchoolHasToAct() {
        let deadline = Instant(microseconds: 1_000_000)
        let later = Instant(microseconds: 1_000_001)
        #expect(!ProblemStage.found.isOverdue(rectifyBy: deadline, now: deadline))
        #expect(ProblemStage.found.isOverdue(rectifyBy: deadline, now: later))
        #expect(ProblemStage.returned.isOverdue(rectifyBy: deadline, now: later))
        #expect(!ProblemStage.submitted.isOverdue(rectifyBy: deadline, now: later))
        #expect(!ProblemStage.closed.isOverdue(rectifyBy: deadline, now: later))
    }

    @Test func theNineCategoriesAreEitherPresentOrMissing() {
        let completeness = Completeness([.d3, .d1, .d1])
        #expect(completeness.present == [.d1, .d3])
        #expect(completeness.missing.count == 7)
    }
}
