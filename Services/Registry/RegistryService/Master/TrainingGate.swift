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

    /// A training counts for this many days when nothing else is set.
    static let usualValidDays = 365

    let mode: Mode
    /// How many days a training counts.
    let validDays: Int
    let pool: PostgresPool

    /// Layers in which the person must be trained and is not.
    func missing(_ person: PersonID, on day: LocalDate) async throws -> [TrainingAudience] {
        try await TrainingCoverage.missing(person, on: day, validDays: validDays, pool)
    }

    /// What the person's access token says, for all services.
    func shortfall(_ person: PersonID, on day: LocalDate) async throws -> TrainingShortfall? {
        guard mode != .off, try await !missing(person, on: day).isEmpty else { return nil }
        return mode == .blocking ? .blocked : .warned
    }

    /// In blocking mode, 403 for somebody who must be trained and is not.
    func check(_ context: BrightContext) async throws {
        guard mode == .blocking else { return }
        let person = try context.requirePrincipal().personId
        let missing = try await missing(person, on: LocalDate(context.now))
        guard !missing.isEmpty else { return }
        throw Problem(
            .forbidden, code: "training_required",
            detail: LocalizedText(
                zh: "您还没有完成规定的培训（\(missing.map(\.chinese).joined(separator: "、"))），登记后才能操作。",
                en: "Your training is not recorded yet; until it is, you may only read."),
            field: "training", allowed: missing.map(\.rawValue).joined(separator: ", "))
    }
}
