import Access
import Calendar
import Contracts
import Postgres
import ServiceKit

/// What happens to people whose training is not recorded (art 11): nothing, a warning, or no writing until it is.
struct TrainingGate: Sendable {
    enum Mode: String, Codable, CaseIterable, Sendable {
        case off
        case warning
        case blocking
    }

    let mode: Mode
    let pool: PostgresPool

    /// In blocking mode, 403 for somebody who must be trained and is not.
    func check(_ context: BrightContext) async throws {
        guard mode == .blocking else { return }
        let person = try context.requirePrincipal().personId
        let missing = try await TrainingCoverage.missing(person, on: LocalDate(context.now), pool)
        guard !missing.isEmpty else { return }
        throw Problem(
            .forbidden, code: "training_required",
            detail: LocalizedText(
                zh: "您还没有完成规定的培训（\(missing.map(\.chinese).joined(separator: "、"))），登记后才能操作。",
                en: "Your training is not recorded yet; until it is, you may only read."),
            field: "training", allowed: missing.map(\.rawValue).joined(separator: ", "))
    }
}
