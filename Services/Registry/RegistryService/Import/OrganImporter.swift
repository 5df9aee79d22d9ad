import Contracts
import Journal
import Postgres

/// Lines of the organ list → organs and `organ.registered`.
struct OrganImporter: LineImporter {
    let rules = OrganLine.Rules()

    func keys(of line: OrganLine) -> [UniqueKey] {
        [UniqueKey(code: .duplicateKey, column: OrganColumn.name.rawValue, value: line.name)]
    }

    func apply(
        _ lines: [NumberedLine<OrganLine>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        var organs = Dictionary(
            try await transaction.query(OrganStore.all, OrganStore.decode).map { ($0.name, $0) },
            uniquingKeysWith: { $1 })
        var saved: [Organ] = []
        let outcomes = lines.map { numbered -> LineOutcome in
            let line = numbered.line
            var parent: Organ?
            if let name = line.parent {
                guard let found = organs[name], found.level == .city, line.level == .county else {
                    guard isFinal else { return .deferred }
                    return .refused([
                        ValueFault(
                            .organUnknown, column: OrganColumn.parent.rawValue, value: name,
                            allowed: "已登记的市级机构名称；市级机构的上级留空")
                    ])
                }
                parent = found
            }
            if let holder = organs.values.first(where: {
                $0.name != line.name && $0.level == line.level && $0.level != .station
                    && $0.department == line.department && $0.divisionCode == line.divisionCode
            }) {
                return .refused([
                    ValueFault(
                        .organConflict, column: OrganColumn.name.rawValue, value: line.name, allowed: holder.name)
                ])
            }
            let stored = organs[line.name]
            let organ = Organ(
                id: stored?.id ?? .new(), name: line.name, department: line.department, level: line.level,
                divisionCode: line.divisionCode, parentId: parent?.id, townships: [])
            guard organ != stored else { return .unchanged }
            organs[line.name] = organ
            saved.append(organ)
            return stored == nil ? .added : .changed
        }
        for organ in saved { try await OrganStore.save(organ, transaction) }
        try await transaction.publish(saved.map(\.registered), scope.context, occurredAt: scope.now)
        return outcomes
    }
}
