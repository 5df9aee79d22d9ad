import Calendar
import Contracts
import Journal
import PersonalData
import Postgres

/// Lines of the list of responsible persons. The name goes into the erasable table only; the log knows the person by id.
struct DutyImporter: LineImporter {
    let rules = DutyLine.Rules()
    let keys: PersonalDataKeys

    func keys(of line: DutyLine) -> [UniqueKey] {
        [
            UniqueKey(
                code: .duplicateKey, column: DutyColumn.name.rawValue,
                value: [line.creditCode, line.canteenName ?? "", line.duty.chinese, line.name, line.validFrom.iso]
                    .joined(separator: " "))
        ]
    }

    func apply(
        _ lines: [NumberedLine<DutyLine>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let reference = try await InstitutionReference(creditCodes: lines.map(\.line.creditCode), transaction)
        var outcomes: [LineOutcome] = []
        for line in lines.map(\.line) {
            guard let school = reference.institution(line.creditCode) else {
                outcomes.append(
                    InstitutionReference.unknownInstitution(DutyColumn.creditCode.rawValue, line.creditCode))
                continue
            }
            var canteen: CanteenID?
            if let name = line.canteenName {
                guard let found = reference.canteen(line.creditCode, name) else {
                    outcomes.append(InstitutionReference.unknownCanteen(DutyColumn.canteenName.rawValue, name))
                    continue
                }
                canteen = found.id
            }
            outcomes.append(try await enter(line, school.id, canteen, scope, transaction))
        }
        return outcomes
    }

    private func enter(
        _ line: DutyLine, _ school: SchoolID, _ canteen: CanteenID?, _ scope: ImportScope,
        _ transaction: PostgresTransaction
    ) async throws -> LineOutcome {
        var person: PersonID?
        if let login = line.login {
            guard let account = try await AccountStore.account(login: login, transaction),
                account.appointment.schoolId == school
            else {
                return .refused([
                    ValueFault(
                        .personUnknown, column: DutyColumn.login.rawValue, value: login, allowed: "该单位已登记的登录名")
                ])
            }
            person = account.appointment.personId
        }
        let known = try await DutyStore.person(named: line.name, of: school, keys, transaction)
        let id = person ?? known ?? .new()
        if known != id {
            try await DutyStore.savePerson(id, name: line.name, of: school, keys, transaction)
        }
        let stored = try await transaction.first(
            """
            SELECT valid_to, login FROM duty
            WHERE institution_id = \(school) AND coalesce(canteen_id, '') = \(canteen?.rawValue ?? "")
                AND kind = \(line.duty) AND person_id = \(id) AND valid_from = \(line.validFrom)
            """
        ) { row -> (to: LocalDate?, login: String?) in (try row["valid_to"], try row["login"]) }
        if let stored, stored.to == line.validTo, stored.login == line.login { return .unchanged }
        if stored != nil {
            try await transaction.execute(
                """
                UPDATE duty SET valid_to = \(line.validTo), login = \(line.login)
                WHERE institution_id = \(school) AND coalesce(canteen_id, '') = \(canteen?.rawValue ?? "")
                    AND kind = \(line.duty) AND person_id = \(id) AND valid_from = \(line.validFrom)
                """)
        } else {
            try await transaction.execute(
                """
                INSERT INTO duty (person_id, institution_id, canteen_id, kind, valid_from, valid_to, login)
                VALUES (\(id), \(school), \(canteen), \(line.duty), \(line.validFrom), \(line.validTo), \(line.login))
                """)
        }
        try await transaction.record(
            "brightkitchen.registry.duty.recorded.v1", subject: school.rawValue,
            data: [
                "person_id": id.rawValue, "duty": line.duty.rawValue, "canteen_id": canteen?.rawValue,
                "valid_from": line.validFrom.iso, "valid_to": line.validTo?.iso,
            ], scope.context, occurredAt: scope.now)
        return stored == nil ? .added : .changed
    }
}
