import HTTPTypes
import Hummingbird

/// The JSON form of a problem (RFC 9457) with our members `code`, `field`, `allowed`, `errors`.
struct ProblemDocument: Encodable {
    struct FieldError: Encodable {
        let field: String
        let code: String
        let detail: String
        let allowed: String?
    }

    let type: String
    let title: String
    let status: Int
    let detail: String
    let code: String
    let field: String?
    let allowed: String?
    let errors: [FieldError]?
    /// Correlation id of the request.
    let instance: String

    init(_ problem: Problem, _ context: BrightContext) {
        type = "urn:brightkitchen:problem:\(problem.code)"
        title = StatusTitle.of(problem.status)[context.language]
        status = problem.status.code
        detail = problem.detail[context.language]
        code = problem.code
        field = problem.field
        allowed = problem.allowed
        errors =
            problem.faults.count < 2
            ? nil
            : problem.faults.map {
                FieldError(field: $0.field, code: $0.code, detail: $0.detail[context.language], allowed: $0.allowed)
            }
        instance = "urn:brightkitchen:request:\(context.correlationId)"
    }

    static func response(_ problem: Problem, _ context: BrightContext) throws -> Response {
        var response = Response.bytes(
            try BrightJSON.encode(ProblemDocument(problem, context)), contentType: "application/problem+json",
            status: problem.status)
        response.headers[.contentLanguage] = context.language.tag
        return response
    }
}
