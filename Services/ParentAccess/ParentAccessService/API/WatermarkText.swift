import Contracts
import ServiceKit

/// The watermark of whoever is signed in: account suffix or person suffix, school, local time.
struct WatermarkText: Sendable {
    let live: LiveState
    let pages: Pages

    func text(_ context: BrightContext, school: SchoolID) -> String {
        guard let principal = context.principal else { return "" }
        let place = live.canteens(of: school).first?.schoolName ?? ""
        if principal.role == .parentRepresentative,
            let account = live.account(RepresentativeID(principal.personId.rawValue))
        {
            return Watermark(viewer: account.suffix, place: place).text(at: context.now)
        }
        let viewer = "\(pages.label(principal.role, context)) \(principal.personId.rawValue.suffix(4))"
        return Watermark(viewer: viewer, place: place).text(at: context.now)
    }
}
