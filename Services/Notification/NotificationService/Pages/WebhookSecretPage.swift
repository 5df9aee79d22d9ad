/// Model of `webhook-secret.mustache`.
struct WebhookSecretPage {
    let secret: String
    let url: String
    let link: String
}
