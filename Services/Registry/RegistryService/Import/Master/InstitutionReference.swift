import Contracts
import Postgres

/// Institutions and canteens that lines name by credit code and canteen name.
struct InstitutionReference: Sendable {
    private let institutions: [String: Institution]
    private let canteens: [String: Canteen]

    init(creditCodes: [String], _ transaction: PostgresTransaction) async throws {
        let codes = Array(Set(creditCodes))
        institutions = Dictionary(
            try await CanteenStore.institutions(creditCodes: codes, transaction).map { ($0.creditCode, $0) },
            uniquingKeysWith: { $1 })
        canteens = Dictionary(
            try await CanteenStore.related(creditCodes: codes, licences: [], transaction).map {
                (Self.key($0.institution.creditCode, $0.name), $0)
            }, uniquingKeysWith: { $1 })
    }

    private static func key(_ code: String, _ name: String) -> String { code + "\u{0}" + name }

    func institution(_ code: String) -> Institution? { institutions[code] }
    func canteen(_ code: String, _ name: String) -> Canteen? { canteens[Self.key(code, name)] }
    func canteens(of code: String) -> [Canteen] { canteens.values.filter { $0.institution.creditCode == code } }

    static func unknownInstitution(_ column: String, _ code: String) -> LineOutcome {
        .refused([
            ValueFault(.institutionUnknown, column: column, value: code, allowed: "已登记学校或供餐单位的统一社会信用代码")
        ])
    }

    static func unknownCanteen(_ column: String, _ name: String) -> LineOutcome {
        .refused([ValueFault(.canteenUnknown, column: column, value: name, allowed: "该单位已登记的食堂名称")])
    }
}
