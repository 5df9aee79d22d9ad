import Calendar
import Contracts
import Journal
import Postgres

/// Lines of the contract list → contracts, `contract.started` and `contract.ended`.
struct ContractImporter: LineImporter {
    let rules: ContractLine.Rules

    func keys(of line: ContractLine) -> [UniqueKey] {
        [
            UniqueKey(
                code: .duplicateKey, column: ContractColumn.number.rawValue,
                value: "\(line.creditCode) \(line.canteenName) \(line.number)")
        ]
    }

    func apply(
        _ lines: [NumberedLine<ContractLine>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let all = lines.map(\.line)
        let reference = try await InstitutionReference(creditCodes: all.map(\.creditCode), transaction)
        let caterers = Dictionary(
            try await CanteenStore.byLicence(Array(Set(all.map(\.caterer))), transaction)
                .filter(\.institution.isCaterer)
                .compactMap { caterer in caterer.licence.map { ($0.number, caterer) } }, uniquingKeysWith: { $1 })
        let certified = try await ContractStore.certified(transaction)
        var ledger = ContractLedger(
            stored: try await ContractStore.contracts(
                of: all.compactMap { reference.canteen($0.creditCode, $0.canteenName)?.id }, transaction),
            certified: certified, today: scope.today)
        let scopes = try await ContractStore.scopes(of: caterers.values.map(\.id), transaction)
        let outcomes = all.map { line -> LineOutcome in
            guard let canteen = reference.canteen(line.creditCode, line.canteenName), !canteen.institution.isCaterer
            else { return InstitutionReference.unknownCanteen(ContractColumn.canteenName.rawValue, line.canteenName) }
            guard let caterer = caterers[line.caterer] else {
                return .refused([
                    ValueFault(
                        .catererUnknown, column: ContractColumn.caterer.rawValue, value: line.caterer,
                        allowed: "已登记的集体用餐配送单位的许可证编号（JY2 开头）")
                ])
            }
            if let text = scopes[caterer.id], !text.contains(LicenceVersion.catererScope) {
                return .refused([
                    ValueFault(
                        .catererScope, column: ContractColumn.caterer.rawValue, value: text,
                        allowed: "经营项目含“\(LicenceVersion.catererScope)”的许可证")
                ])
            }
            return ledger.enter(line, canteen, caterer)
        }
        try await ContractStore.write(
            ledger.changes, today: scope.today, scope.context, now: scope.now, transaction)
        return outcomes
    }
}
