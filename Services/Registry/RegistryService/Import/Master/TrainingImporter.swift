import Calendar
import Contracts
import Journal
import Postgres

/// Lines of the list of training sessions.
struct TrainingImporter: LineImporter {
    let rules = TrainingLine.Rules()

    func keys(of line: TrainingLine) -> [UniqueKey] {
        [UniqueKey(code: .duplicateKey, column: TrainingColumn.code.rawValue, value: line.code)]
    }

    func apply(
        _ lines: [NumberedLine<TrainingLine>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let reference = try await InstitutionReference(creditCodes: lines.compactMap(\.line.creditCode), transaction)
        let organs = Dictionary(
            try await transaction.query(OrganStore.all, OrganStore.decode).map { ($0.name, $0.id) },
            uniquingKeysWith: { $1 })
        var outcomes: [LineOutcome] = []
        for line in lines.map(\.line) {
            let organ = line.organ.flatMap { organs[$0] }
            let school = line.creditCode.flatMap { reference.institution($0)?.id }
            if let name = line.organ, organ == nil {
                outcomes.append(
                    .refused([
                        ValueFault(
                            .organUnknown, column: TrainingColumn.organ.rawValue, value: name, allowed: "已登记的机构全称")
                    ]))
                continue
            }
            if let code = line.creditCode, school == nil {
                outcomes.append(InstitutionReference.unknownInstitution(TrainingColumn.creditCode.rawValue, code))
                continue
            }
            let stored = try await TrainingStore.line(code: line.code, transaction)
            guard stored != line else {
                outcomes.append(.unchanged)
                continue
            }
            try await TrainingStore.save(line, organ: organ, school: school, transaction)
            try await transaction.record(
                "brightkitchen.registry.training.recorded.v1", subject: organ?.rawValue ?? school?.rawValue ?? "",
                data: ["code": line.code, "audience": line.audience.rawValue, "held_on": line.heldOn.iso],
                scope.context, occurredAt: scope.now)
            outcomes.append(stored == nil ? .added : .changed)
        }
        return outcomes
    }
}
