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
        let title: String?
        let urgency: String?
        let task: String?
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
    let boxes: [Choice]
    let choices: [Choice]
    let mayDraft: Bool
    let maySeeRules: Bool
    let pager: Pager

    init(
        _ page: PageOf<Bulletin>, state: Bulletin.State?, box: BulletinStore.Box?, _ pages: Pages,
        _ context: BrightContext
    ) {
        lines = page.items.map { Line($0, pages, context) }
        isEmpty = lines.isEmpty
        let base = "/notification/bulletins"
        func path(_ box: BulletinStore.Box?, _ state: Bulletin.State?) -> String {
            let parameters = [box.map { "box=\($0.rawValue)" }, state.map { "state=\($0.rawValue)" }].compactMap { $0 }
            return parameters.isEmpty ? base : "\(base)?\(parameters.joined(separator: "&"))"
        }
        let boxLabels: [(BulletinStore.Box?, String)] =
            [(nil, "all")] + BulletinStore.Box.allCases.map { ($0, $0.rawValue) }
        boxes = boxLabels.map { value, label in
            Choice(
                link: path(value, nil), label: pages.text("notification.box.\(label)", context),
                isCurrent: box == value)
        }
        choices =
            [
                Choice(
                    link: path(box, nil), label: pages.text("notification.bulletins.all", context),
                    isCurrent: state == nil)
            ]
            + Bulletin.State.allCases.map {
                Choice(
                    link: path(box, $0),
                    label: pages.text("notification.bulletin_state.\($0.rawValue)", context), isCurrent: state == $0)
            }
        mayDraft = context.may(.issueBulletin)
        maySeeRules = context.may(.changeRules, intent: .read)
        pager = page.pager(path: path(box, state))
    }
}

extension BulletinsPage.Line {
    init(_ bulletin: Bulletin, _ pages: Pages, _ context: BrightContext) {
        link = "/notification/bulletins/\(bulletin.bulletinId)"
        number =
            bulletin.number ?? pages.text("notification.bulletin_state.\(bulletin.state.rawValue)", context)
        title = bulletin.title
        urgency =
            bulletin.urgency == .normal
            ? nil : pages.text("notification.urgency.\(bulletin.urgency.rawValue)", context)
        cause = pages.label(bulletin.cause, context)
        school = bulletin.schoolName ?? "—"
        canteen = bulletin.canteenName ?? "—"
        receiver = bulletin.receivingOrganName ?? "—"
        issuedAt = bulletin.issuedAt.map(CivilText.short) ?? "—"
        // One's own organ's deadline first; else that of the matter.
        let isClosed = bulletin.state == .closed || bulletin.state == .answered
        let own = bulletin.own.flatMap { $0.needsAnswer && !isClosed ? $0 : nil }
        task = own.map { pages.text("notification.task.\($0.needsReceipt ? "receipt" : "answer")", context) }
        let next = own.map { $0.needsReceipt ? $0.receiptBy : $0.answerBy } ?? bulletin.dueAt
        due = next.map { DueText($0, isOpen: !isClosed, pages, context) }
        state = pages.text("notification.bulletin_state.\(bulletin.state.rawValue)", context)
        stateTone = StateTone.of(bulletin.state)
        waitingFor = bulletin.waitingFor.map { pages.text("notification.unroutable.\($0.rawValue)", context) }
        isCityDirect = bulletin.cityDirect ?? false
    }
}
