import Calendar
import Contracts
import Journal
import Postgres

/// Lines of the licence list → versions. The version issued last is the canteen's current licence.
struct LicenceImporter: LineImporter {
    let rules: LicenceLine.Rules

    func keys(of line: LicenceLine) -> [UniqueKey] {
        [
            UniqueKey(
                code: .duplicateKey, column: LicenceColumn.licence.rawValue,
                value: "\(line.creditCode) \(line.canteenName) \(line.licence.number) \(line.licence.issuedOn.iso)")
        ]
    }

    func apply(
        _ lines: [NumberedLine<LicenceLine>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let all = lines.map(\.line)
        let reference = try await InstitutionReference(creditCodes: all.map(\.creditCode), transaction)
        let ids = all.compactMap { reference.canteen($0.creditCode, $0.canteenName)?.id }
        var versions = Dictionary(
            grouping: try await LicenceStore.versions(of: Array(Set(ids)), transaction), by: \.canteenId)
        var holders = Dictionary(
            try await CanteenStore.byLicence(all.map(\.licence.number), transaction)
                .filter { $0.branchReason == nil }
                .compactMap { canteen in canteen.licence.map { ($0.number, canteen.id) } }, uniquingKeysWith: { $1 })
        var canteens: [CanteenID: Canteen] = [:]
        var touched: [CanteenID] = []
        var outcomes: [LineOutcome] = []
        for line in all {
            guard let canteen = reference.canteen(line.creditCode, line.canteenName) else {
                outcomes.append(
                    InstitutionReference.unknownCanteen(LicenceColumn.canteenName.rawValue, line.canteenName))
                continue
            }
            if canteen.branchReason == nil, let holder = holders[line.licence.number], holder != canteen.id {
                outcomes.append(
                    .refused([
                        ValueFault(
                            .licenceTaken, column: LicenceColumn.licence.rawValue, value: line.licence.number,
                            allowed: "未登记在其他食堂的许可证编号；分支共用须在名册的“共用许可证说明”列填写理由")
                    ]))
                continue
            }
            let version = LicenceVersion(
                canteenId: canteen.id, licence: line.licence, scope: line.scope, verifiedBy: line.verifiedBy)
            var known = versions[canteen.id] ?? []
            let old = known.firstIndex { $0.licence.isVersion(of: line.licence) }
            if let old, known[old] == version {
                outcomes.append(.unchanged)
                continue
            }
            if let old { known[old] = version } else { known.append(version) }
            versions[canteen.id] = known
            if canteen.branchReason == nil { holders[line.licence.number] = canteen.id }
            try await LicenceStore.save(version, transaction)
            try await transaction.record(
                "brightkitchen.registry.licence.recorded.v1", subject: canteen.id.rawValue,
                data: ["number": line.licence.number, "issued_on": line.licence.issuedOn.iso], scope.context,
                occurredAt: scope.now)
            canteens[canteen.id] = canteens[canteen.id] ?? canteen
            touched.append(canteen.id)
            outcomes.append(old == nil ? .added : .changed)
        }
        try await update(canteens, touched, versions, scope, transaction)
        return outcomes
    }

    private func update(
        _ canteens: [CanteenID: Canteen], _ touched: [CanteenID], _ versions: [CanteenID: [LicenceVersion]],
        _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws {
        var saved: [Canteen] = []
        var events: [any Event] = []
        for id in touched where !saved.contains(where: { $0.id == id }) {
            guard var canteen = canteens[id],
                let current = versions[id]?.max(by: { $0.licence.issuedOn < $1.licence.issuedOn })?.licence,
                current != canteen.licence
            else { continue }
            let old = canteen.licence
            canteen.licence = current
            canteen.operating = canteen.mayOperate(on: scope.today)
            saved.append(canteen)
            if let endedOn = current.endedOn, current.state != .valid, old?.state == .valid {
                events.append(
                    LicenceRevoked(
                        canteenId: id, licenceNumber: current.number, revokedOn: endedOn, reason: current.state.rawValue
                    ))
            }
            events += canteen.news(after: old)
        }
        try await CanteenStore.save(canteens: saved, transaction)
        try await transaction.publish(events, scope.context, occurredAt: scope.now)
    }
}
