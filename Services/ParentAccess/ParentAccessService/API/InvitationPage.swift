import Attachments
import Foundation
import Hummingbird
import ServiceKit

/// The page that shows an invitation once: link and QR code.
struct InvitationPage: Sendable {
    let pages: Pages
    let publicBaseURL: String

    func render(
        _ invitation: Invitation, crumb: Crumb, current: String, backPath: String, isSent: Bool? = nil,
        _ context: BrightContext
    ) throws -> Response {
        let link = invitation.link(publicBaseURL)
        let drawing = QRCode(link)?.svg(title: pages.text("invited.qr", context))
        return try pages.render(
            "invited", context,
            PageMeta(
                title: pages.text("invited.title", context),
                crumbs: [crumb, Crumb(pages.text("invited.title", context))], current: current),
            model: InvitedModel(
                number: invitation.accountNumber, link: link, expires: LocalTime.minute(invitation.expiresAt),
                picture: drawing.map { "data:image/svg+xml;base64,\(Data($0.utf8).base64EncodedString())" },
                backPath: backPath, wasSent: isSent == true, wasNotSent: isSent == false), status: .created)
    }
}
