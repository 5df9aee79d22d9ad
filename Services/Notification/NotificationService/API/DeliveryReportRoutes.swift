import Calendar
import Delivery
import HTTPTypes
import Hummingbird
import ServiceKit

/// `/notification/delivery-reports`: what the gateway of text messages and the mail server tell about messages that they
/// took over, signed as a Standard Webhook with a secret that the operator shares with them.
struct DeliveryReportRoutes: Sendable {
    static let mostReports = 100

    let desk: DeliveryReportDesk
    let settings: PeopleSettings

    func declare(_ routes: Routes) {
        routes.post(
            "/delivery-reports/messages", .public, options: RouteOptions(bodyLimit: 64 << 10, requiresCSRF: false)
        ) { request, context in try await messages(request, context) }
        routes.post(
            "/delivery-reports/mail", .public, options: RouteOptions(bodyLimit: 512 << 10, requiresCSRF: false)
        ) { request, context in try await mail(request, context) }
    }

    /// The body, once its signature is proven. 404 where the operator configured no secret.
    private func proven(
        _ request: Request, _ secrets: [WebhookSecret], _ context: BrightContext
    ) async throws -> [UInt8] {
        guard !secrets.isEmpty else { throw Problem.notFound }
        let body = Array(try await request.body.collect(upTo: context.bodyLimit).readableBytesView)
        let headers = request.headers.map { HTTPHeader($0.name.canonicalName, $0.value) }
        do {
            try StandardWebhooks.verify(headers: headers, body: body, secrets: secrets, now: context.now)
        } catch {
            throw Problem(
                .unauthorized, code: "signature_invalid",
                detail: LocalizedText(
                    zh: "签名无效（\(error.rawValue)）。", en: "The signature is not valid (\(error.rawValue))."),
                field: StandardWebhooks.signatureHeader, allowed: "Standard Webhooks v1, at most 5 minutes old")
        }
        return body
    }

    private struct Reports: Decodable {
        struct Report: Decodable {
            let messageId: String
            let status: String
            let permanent: Bool?
            let code: String?
        }
        let reports: [Report]
    }

    private struct Taken: Encodable {
        let taken: Int
        /// Ids under which this platform handed over nothing.
        let unknown: [String]
    }

    private func messages(_ request: Request, _ context: BrightContext) async throws -> Response {
        let body = try await proven(request, settings.gatewayReportSecrets, context)
        let reports: [Reports.Report]
        do {
            reports = try BrightJSON.decode(Reports.self, from: body).reports
        } catch {
            throw Problem.invalid(
                "reports", code: "not_reports", zh: "内容无法识别。", en: "These are not delivery reports.",
                allowed: "{\"reports\": [{\"message_id\": …, \"status\": …}]}")
        }
        guard (1...Self.mostReports).contains(reports.count) else {
            throw Problem.invalid(
                "reports", code: "not_in_range", zh: "每次 1 到 \(Self.mostReports) 条。",
                en: "1 to \(Self.mostReports) at a time.", allowed: "1…\(Self.mostReports)")
        }
        let read = try reports.map(Self.report)
        var unknown: [String] = []
        for report in read {
            let isOurs = try await desk.take(report, on: [.sms, .weCom, .dingTalk], now: context.now)
            if !isOurs { unknown.append(report.batchId) }
        }
        return try .json(Taken(taken: read.count - unknown.count, unknown: unknown), status: .accepted)
    }

    private static func report(_ report: Reports.Report) throws -> DeliveryReport {
        guard WellFormed.isIdentifier(report.messageId) else {
            throw Problem.invalid("message_id", code: "not_an_id", zh: "编号格式不正确。", en: "This is not an id.")
        }
        guard let outcome = DeliveryReport.Outcome(rawValue: report.status) else {
            throw Problem.invalid(
                "status", code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
                allowed: DeliveryReport.Outcome.allCases.map(\.rawValue).joined(separator: ", "))
        }
        if let code = report.code, code.wholeMatch(of: /[A-Za-z0-9_.:-]{1,40}/) == nil {
            throw Problem.invalid(
                "code", code: "not_a_code", zh: "只接受代码，不接受文字。", en: "A code, not a text.",
                allowed: "1…40 of A–Z a–z 0–9 _ . : -")
        }
        let reason = outcome == .delivered ? nil : "gateway_\(report.code ?? outcome.rawValue)"
        return DeliveryReport(
            batchId: report.messageId, outcome: outcome, isPermanent: report.permanent ?? false, reason: reason)
    }

    /// A bounce as it arrived at the bounce address.
    private func mail(_ request: Request, _ context: BrightContext) async throws -> Response {
        let body = try await proven(request, settings.mailReportSecrets, context)
        guard let domain = settings.mailServer?.from.domain,
            let report = DeliveryStatusNotification.read(body, domain: domain)
        else {
            throw Problem.invalid(
                "body", code: "not_a_delivery_report", zh: "不是本平台邮件的投递报告。",
                en: "This is no delivery report about a mail of this platform.",
                allowed: "message/rfc822 with multipart/report (RFC 3464)")
        }
        let isOurs = try await desk.take(report, on: [.mail], now: context.now)
        return try .json(
            Taken(taken: isOurs ? 1 : 0, unknown: isOurs ? [] : [report.batchId]), status: .accepted)
    }
}
