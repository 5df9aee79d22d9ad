import Access
import Calendar
import Contracts
import Delivery
import HTTPTypes
import HummingbirdTesting
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

/// What mail servers and gateways tell later: proven by a signature, written into the ledger, once.
@Suite(.timeLimit(.minutes(3))) struct DeliveryReportTests {
    typealias Test = ServiceTest<NotificationService>

    private static let mail = "/notification/delivery-reports/mail"
    private static let messages = "/notification/delivery-reports/messages"

    private func post(
        _ path: String, _ body: [UInt8], _ secret: WebhookSecret, at instant: Instant, _ client: ServiceClient
    ) async throws -> TestResponse {
        var headers: HTTPFields = [.contentType: "application/json", .accept: "application/json"]
        for header in try StandardWebhooks.sign(id: "report-1", at: instant, body: body, secrets: [secret]) {
            headers[.named(header.name)] = header.value
        }
        return try await client.send(.post, path, headers: headers, body: body)
    }

    /// One message of each channel, handed over.
    private func handOver(_ client: ServiceClient) async throws {
        for (id, channel) in [("mail-1", "mail"), ("sms-1", "sms"), ("sms-2", "sms")] {
            try await client.pool.execute(
                """
                INSERT INTO contact (contact_id, person_id, channel, address, address_hash, mode, language, verified_at,
                                     created_at)
                VALUES (\("contact-" + id), 'person-1', \(channel), 'sealed', \(Array(id.utf8)), 'all', 'zh',
                        \(client.clock.now()), \(client.clock.now()))
                """)
            try await client.pool.execute(
                """
                INSERT INTO person_message (message_id, contact_id, person_id, channel, recipient, kind, is_urgent, state,
                                            due_at, batch_id, attempts, queued_at, sent_at)
                VALUES (\(id), \("contact-" + id), 'person-1', \(channel), 'organ:organ-440703', 'problem_found', false,
                        'sent', \(client.clock.now()), \(id), 1, \(client.clock.now()), \(client.clock.now()))
                """)
        }
    }

    private struct Line: Hashable, Sendable {
        let state: String
        let reason: String?
        let isRefused: Bool
    }

    private func line(_ id: String, _ client: ServiceClient) async throws -> Line? {
        try await client.pool.first(
            """
            SELECT m.state, m.reason, c.refused_at IS NOT NULL AS is_refused FROM person_message m
            JOIN contact c USING (contact_id) WHERE m.message_id = \(id)
            """
        ) { Line(state: try $0["state"], reason: try $0["reason"], isRefused: try $0["is_refused"]) }
    }

    private func run(_ body: @escaping @Sendable (WebhookSecret, ServiceClient) async throws -> Void) async throws {
        let secret = WebhookSecret.generate()
        let secrets = try SecretsFolder(["message-report-secret": secret.text, "mail-report-secret": secret.text])
        let environment = [
            "SECRETS_DIR": secrets.path, "SMTP_URL": "smtp://127.0.0.1:1", "SMTP_FROM": "notice@city.example",
            "SMTP_BOUNCE": "bounces@city.example",
        ]
        try await Test.run(environment: environment) { _, client in
            try await handOver(client)
            try await body(secret, client)
        }
        try secrets.remove()
    }

    private static func bounce(_ action: String, _ status: String, id: String = "mail-1@city.example") -> [UInt8] {
        let text = """
            From: MAILER-DAEMON@mx.example
            To: bounces@city.example
            Subject: Undelivered Mail Returned to Sender
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status;
             boundary="=_b1"

            --=_b1
            Content-Type: text/plain

            Sorry, chen.officer@city.example is not here.
            --=_b1
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example

            Final-Recipient: rfc822; chen.officer@city.example
            Action: \(action)
            Status: \(status)
            Diagnostic-Code: smtp; 550 no such user chen.officer@city.example

            --=_b1
            Content-Type: text/rfc822-headers

            From: <notice@city.example>
            Message-ID: <\(id)>
            Subject: x

            --=_b1--

            """
        return Array(text.replacing("\n", with: "\r\n").utf8)
    }

    @Test func aBounceEndsTheMessageAndTheAddressAndADelayDoesNot() async throws {
        try await run { secret, client in
            let now = client.clock.now()
            let delayed = try await post(Self.mail, Self.bounce("delayed", "4.4.1"), secret, at: now, client)
            #expect(delayed.status == .accepted, "\(delayed.text)")
            #expect(try await line("mail-1", client) == Line(state: "sent", reason: "dsn_4.4.1", isRefused: false))
            let failed = try await post(Self.mail, Self.bounce("failed", "5.1.1"), secret, at: now, client)
            #expect(failed.status == .accepted && failed.text.contains("\"taken\":1"))
            let ended = Line(state: "failed", reason: "dsn_5.1.1", isRefused: true)
            #expect(try await line("mail-1", client) == ended)
            // The first final report counts.
            _ = try await post(Self.mail, Self.bounce("delivered", "2.0.0"), secret, at: now, client)
            #expect(try await line("mail-1", client) == ended)
            let journalled = try await client.pool.query(
                "SELECT data FROM journal WHERE type = 'brightkitchen.notification.notice.failed.v1'"
            ) { row -> [UInt8] in try row["data"] }
            #expect(journalled.count == 1)
            #expect(!String(decoding: journalled.joined(), as: UTF8.self).contains("chen.officer"))
            for body in [
                Self.bounce("failed", "5.1.1", id: "mail-1@elsewhere.example"), Array("Subject: hello\n\nhi".utf8),
            ] {
                let answer = try await post(Self.mail, body, secret, at: now, client)
                #expect(answer.problemCode == "not_a_delivery_report")
            }
            let unknown = try await post(
                Self.mail, Self.bounce("failed", "5.1.1", id: "never-sent@city.example"), secret, at: now, client)
            #expect(unknown.text.contains("never-sent") && unknown.text.contains("\"taken\":0"))
        }
    }

    @Test func theGatewaysReportsAreBelievedWhenSignedAndWrittenOnce() async throws {
        try await run { secret, client in
            let now = client.clock.now()
            let body = Array(
                #"{"reports":[{"message_id":"sms-1","status":"delivered"},{"message_id":"sms-2","status":"failed","permanent":true,"code":"UNDELIV"},{"message_id":"mail-1","status":"failed"}]}"#
                    .utf8)
            let strange = try await post(Self.messages, body, WebhookSecret.generate(), at: now, client)
            #expect(strange.status == .unauthorized && strange.problemCode == "signature_invalid")
            let old = try await post(Self.messages, body, secret, at: now - .seconds(600), client)
            #expect(old.problemCode == "signature_invalid")
            #expect(try await line("sms-1", client)?.state == "sent")
            for _ in 0..<2 {
                let taken = try await post(Self.messages, body, secret, at: now, client)
                // A gateway says nothing about mails.
                #expect(taken.status == .accepted && taken.text.contains("\"unknown\":[\"mail-1\"]"), "\(taken.text)")
            }
            #expect(try await line("sms-1", client) == Line(state: "delivered", reason: nil, isRefused: false))
            #expect(
                try await line("sms-2", client) == Line(state: "failed", reason: "gateway_UNDELIV", isRefused: true))
            let steps = try await client.pool.query(
                """
                SELECT type FROM journal WHERE type LIKE 'brightkitchen.notification.notice.%' ORDER BY position
                """
            ) { row -> String in try row["type"] }
            #expect(steps.map { $0.split(separator: ".")[3] } == ["delivered", "failed"])
            struct Entries: Decodable {
                struct Entry: Decodable {
                    let state: String
                    let deliveredAt: Instant?
                }
                let items: [Entry]
            }
            let ledger = try await client.get(
                "/notification/ledger?channel=sms&state=delivered", as: TestPersons.auditor)
            #expect(try ledger.json(Entries.self).items.map(\.deliveredAt) == [now])
            let bad = [
                (#"{"reports":[{"message_id":"sms-1","status":"lost"}]}"#, "not_allowed"),
                (#"{"reports":[{"message_id":"sms-1","status":"failed","code":"tel 13812345678"}]}"#, "not_a_code"),
                (#"{"reports":[]}"#, "not_in_range"), ("[]", "not_reports"),
            ]
            for (text, code) in bad {
                let answer = try await post(Self.messages, Array(text.utf8), secret, at: now, client)
                #expect(answer.problemCode == code, "\(answer.text)")
            }
        }
    }

    @Test func withoutASecretNobodyReports() async throws {
        try await Test.run { _, client in
            for path in [Self.mail, Self.messages] {
                let answer = try await post(path, Array("{}".utf8), .generate(), at: client.clock.now(), client)
                #expect(answer.status == .notFound)
            }
        }
    }
}
