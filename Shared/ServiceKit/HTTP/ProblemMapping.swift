import Access
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import Postgres

/// The one place where errors become problems. Everything unknown is 500 without any detail but the correlation id.
enum ProblemMapping {
    static func problem(for error: any Error) -> Problem? {
        switch error {
        case let problem as Problem: problem
        case is NIOTooManyBytesError: tooLarge
        // A body that is no HTTP: wrong chunks, a length that does not fit.
        case is HTTPParserError: problem(status: .badRequest)
        case let error as HTTPError: problem(status: error.status)
        case let error as PostgresError: problem(for: error)
        case let error as TokenError where error == .keysUnavailable: .unavailable(code: "signing_keys_unavailable")
        case is TokenError: .unauthorised
        case is CancellationError: .unavailable(code: "shutting_down")
        default: nil
        }
    }

    /// What the client will be answered.
    static func status(of error: any Error) -> HTTPResponse.Status {
        error is SignInRequired ? .unauthorized : problem(for: error)?.status ?? .internalServerError
    }

    private static func problem(for error: PostgresError) -> Problem? {
        if error.isRetriable { return .unavailable(code: "database_unavailable") }
        // Lost during COMMIT: asking again with the same key finds out, and does nothing twice.
        if error.isOutcomeUnknown {
            return Problem(
                .serviceUnavailable, code: PostgresError.outcomeUnknown,
                detail: LocalizedText(
                    zh: "保存时数据库断开，不知道是否已保存。请用同一个 Idempotency-Key 再提交一次，或刷新页面查看。",
                    en: "The database went away while saving; it is not known whether it was saved. "
                        + "Send it again with the same Idempotency-Key, or look at the page again."),
                headers: ["Retry-After": "2"])
        }
        // SQLSTATE class 22: a value that the column's type cannot take (NUL, number out of range). The client's fault.
        if error.code.hasPrefix("22") {
            return Problem(
                .unprocessableContent, code: "invalid_value",
                detail: LocalizedText(zh: "有一项的值不被接受。", en: "One of the values is not accepted."))
        }
        return nil
    }

    static func problem(status: HTTPResponse.Status) -> Problem {
        switch status {
        case .notFound: .notFound
        case .contentTooLarge: tooLarge
        case .unauthorized: .unauthorised
        case .forbidden: .forbidden
        case .unsupportedMediaType:
            Problem(
                status, code: "unsupported_media_type",
                detail: LocalizedText(zh: "不支持这种内容类型。", en: "This content type is not accepted."))
        default:
            Problem(
                status, code: status.kind == .clientError ? "malformed_request" : "internal_error",
                detail: LocalizedText(zh: "请求无法处理。", en: "The request could not be processed."))
        }
    }

    static let tooLarge = Problem(
        .contentTooLarge, code: "too_large",
        detail: LocalizedText(zh: "提交的内容太大。", en: "The body is too large."))

    static let internalError = Problem(
        .internalServerError, code: "internal_error",
        detail: LocalizedText(
            zh: "系统出了问题，已经记录。请稍后再试，或将下面的编号告诉管理员。",
            en:
                "Something went wrong and has been recorded. Please try again, or tell the administrator the number below."
        ))
}
