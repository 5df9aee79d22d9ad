import Contracts
import Journal
import Postgres

/// Lines of the roster → institutions, canteens, `canteen.registered` (`canteen.planned` while there is no licence) and
/// `canteen.changed`.
struct RosterImporter: LineImporter {
    let rules: RosterLine.Rules

    private struct InstitutionFacts: Hashable {
        let name: String
        let type: SchoolType
        let department: Department
        let cityDirect: Bool
        let divisionCode: String
        let township: String?
    }

    func keys(of line: RosterLine) -> [UniqueKey] {
        let name = UniqueKey(
            code: .duplicateKey, column: RosterColumn.canteenName.rawValue,
            value: "\(line.creditCode) \(line.canteenName)")
        guard line.extras.branchReason == nil else { return [name] }
        guard let licence = line.licence else { return [name] }
        return [UniqueKey(code: .licenceTaken, column: RosterColumn.licence.rawValue, value: licence.number), name]
    }

    func sharedFacts(of line: RosterLine) -> (key: UniqueKey, facts: AnyHashable)? {
        let key = UniqueKey(
            code: .institutionConflict, column: RosterColumn.creditCode.rawValue, value: line.creditCode)
        let facts = InstitutionFacts(
            name: line.schoolName, type: line.type, department: line.department, cityDirect: line.cityDirect,
            divisionCode: line.divisionCode, township: line.township)
        return (key, facts)
    }

    func apply(
        _ lines: [NumberedLine<RosterLine>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let all = lines.map(\.line)
        let related = try await CanteenStore.related(
            creditCodes: all.map(\.creditCode), licences: all.compactMap(\.licence?.number), transaction)
        var register = RegisterBatch(
            canteens: related,
            institutions: try await CanteenStore.institutions(creditCodes: all.map(\.creditCode), transaction),
            caterers: try await CanteenStore.caterers(licences: all.compactMap(\.catererLicence), transaction)
                .union(all.filter { $0.type == .caterer }.compactMap(\.licence?.number)),
            contracted: try await ContractStore.contracted(related.map(\.id), transaction),
            jurisdiction: rules.jurisdiction, today: scope.today)
        let outcomes = all.map { register.enter($0, isFinal: isFinal) }
        let events = register.finish()
        try await CanteenStore.save(institutions: register.savedInstitutions, transaction)
        try await CanteenStore.save(canteens: register.savedCanteens, transaction)
        try await transaction.publish(events, scope.context, occurredAt: scope.now)
        return outcomes
    }
}
