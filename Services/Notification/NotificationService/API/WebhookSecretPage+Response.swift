import Hummingbird
import ServiceKit

extension WebhookSecretPage {
    func render(_ pages: Pages, _ context: BrightContext, status: HTTPResponse.Status) throws -> Response {
        try pages.render(
            "webhook-secret", context,
            PageMeta(
                title: pages.text("notification.webhook.secret.title", context),
                crumbs: [
                    Crumb(pages.text("notification.webhooks.title", context), "/notification/webhooks"), Crumb(url),
                ],
                current: "webhooks"),
            model: self, status: status)
    }
}
