import Calendar
import Contracts
import ServiceKit

/// Model of `bulletins.mustache`.
struct BulletinsPage {
    struct Line {
        let link: String
        let number: String
        let cause: String
        let school: String
        let canteen: String
        let receiver: String
        let issuedAt: String
        let due: DueText?
        let state: String
        let stateTone: String
        let waitingFor: String?
        let isCityDirect: Bool
    }

    struct Choice {
        let link: String
        let label: String
        let isCurrent: Bool
    }

    let lines: [Line]
    let isEmpty: Bool
    let choices: [Choice]
    let pager: Pager

    init(_ page: PageOf<Bulletin>, state: Bulletin.State?, _ pages: Pages, _ context: BrightContext) {
        lines = page.items.map { Line($0, pages, context) }
        isEmpty = lines.isEmpty
        let path = "/notification/bulletins"
        choices =
            [Choice(link: path, label: pages.text("notification.bulletins.all", context), isCurrent: state == nil)]
            + Bulletin.State.allCases.map {
                Choice(
                    link: "\(path)?state=\($0.rawValue)",
                    label: pages.text("notification.bulletin_state.\($0.rawValue)", context), isCurrent: state == $0)
            }
        pager = page.pager(path: state.map { "\(path)?state=\($0.rawValue)" } ?? path)
    }
}

extension BulletinsPage.Line {
    init(_ bulletin: Bulletin, _ pages: Pages, _ context: BrightContext) {
        link = "/notification/bulletins/\(bulletin.bulletinId)"
        number = bulletin.number ?? pages.text("notification.bulletin.waiting", context)
        cause = pages.label(bulletin.cause, context)
        school = bulletin.schoolName ?? "—"
        canteen = bulletin.canteenName ?? "—"
        receiver = bulletin.receivingOrganName ?? "—"
        issuedAt = bulletin.issuedAt.map(CivilText.short) ?? "—"
        due = bulletin.dueAt.map { DueText($0, isOpen: bulletin.state == .issued, pages, context) }
        state = pages.text("notification.bulletin_state.\(bulletin.state.rawValue)", context)
        stateTone = StateTone.of(bulletin.state)
        waitingFor = bulletin.waitingFor.map { pages.text("notification.unroutable.\($0.rawValue)", context) }
        isCityDirect = bulletin.cityDirect ?? false
    }
}
