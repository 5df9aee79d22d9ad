/// Model of `webhook-secret.mustache`.
struct WebhookSecretPage {
    let secret: String
    let url: String
    let link: String

    init(secret: String, of endpoint: Endpoint) {
        self.secret = secret
        url = endpoint.url
        link = "/notification/webhooks/\(endpoint.endpointId)"
    }
}
