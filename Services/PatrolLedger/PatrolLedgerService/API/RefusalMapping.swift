import HTTPTypes
import ServiceKit

extension Refusal {
    /// The refusal as the HTTP interface tells it.
    var problem: Problem {
        let detail = LocalizedText(zh: zh, en: en)
        return switch kind {
        case .notFound: Problem(.notFound, code: code, detail: detail)
        case .forbidden: Problem(.forbidden, code: code, detail: detail)
        case .conflict: Problem(.conflict, code: code, detail: detail)
        case .gone: Problem(.gone, code: code, detail: detail, field: field)
        case .unprocessable: Problem(.unprocessableContent, code: code, detail: detail, field: field)
        case .unavailable: Problem(.serviceUnavailable, code: code, detail: detail)
        }
    }
}

extension SheetIncomplete {
    var problem: Problem {
        Problem(
            faults: faults.map { fault in
                FieldFault(
                    field: fault.itemCode, code: fault.code,
                    detail: LocalizedText(zh: "\(fault.itemCode)：\(fault.zh)", en: "\(fault.itemCode): \(fault.en)"))
            })
    }
}

extension SelfCheckIncomplete {
    var problem: Problem {
        Problem(
            faults: faults.map { fault in
                FieldFault(
                    field: fault.field, code: fault.code, detail: LocalizedText(zh: fault.zh, en: fault.en),
                    allowed: fault.allowed)
            })
    }
}

/// Runs a handler and turns this service's refusals into problems.
func answering<T>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch let refusal as Refusal {
        throw refusal.problem
    } catch let incomplete as SheetIncomplete {
        throw incomplete.problem
    } catch let incomplete as SelfCheckIncomplete {
        throw incomplete.problem
    }
}
