import Calendar
import Contracts
import ServiceKit

/// Puts facts into words of the reader's language.
struct PortalWords {
    let pages: Pages
    let context: BrightContext

    init(_ pages: Pages, _ context: BrightContext) {
        self.pages = pages
        self.context = context
    }

    var now: Instant { context.now }
    var today: LocalDate { LocalDate(context.now) }

    func text(_ key: String, _ arguments: [String: String] = [:]) -> String { pages.text(key, context, arguments) }
    func text(_ text: Bilingual) -> String { context.language == .zh ? text.zh : text.en }
    func label(_ value: some Labelled) -> String { pages.label(value, context) }
    func day(_ day: LocalDate) -> String { CivilText.day(day, context.language) }
    func day(_ instant: Instant) -> String { CivilText.day(instant, context.language) }
    func time(_ instant: Instant) -> String { CivilText.time(instant, context.language) }

    func division(_ code: String) -> String {
        guard let division = Division.named(code) else { return code }
        return name(of: division)
    }

    func name(of division: Division) -> String {
        switch context.language {
        case .zh: division.zh
        case .en: division.en
        }
    }

    func place(_ summary: CanteenSummary) -> String {
        [division(summary.divisionCode), summary.township].compactMap { $0 }.joined(separator: " · ")
    }

    func subtitle(_ summary: CanteenSummary) -> String {
        [summary.name, label(summary.schoolType), place(summary)].joined(separator: " · ")
    }
}

/// How a fact is to be taken; becomes a class of the stylesheet. Never the only carrier of meaning: words say it too.
enum Tone: String {
    case good = "ok"
    case warning = "warn"
    case bad = "error"
    case neutral = "plain"

    init(_ state: LicenceState) {
        switch state {
        case .valid: self = .good
        case .expiring: self = .warning
        case .expired, .revoked: self = .bad
        }
    }
}
