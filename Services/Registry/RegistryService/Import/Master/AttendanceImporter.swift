import Calendar
import Contracts
import Journal
import PersonalData
import Postgres

/// Lines of the attendance list: who was there, with what result.
struct AttendanceImporter: LineImporter {
    let rules = AttendanceLine.Rules()
    let keys: PersonalDataKeys

    func keys(of line: AttendanceLine) -> [UniqueKey] {
        [
            UniqueKey(
                code: .duplicateKey, column: AttendanceColumn.code.rawValue,
                value: [line.code, line.login ?? "", line.creditCode ?? "", line.name ?? ""].joined(separator: " "))
        ]
    }

    func apply(
        _ lines: [NumberedLine<AttendanceLine>], isFinal: Bool, _ scope: ImportScope,
        _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let reference = try await InstitutionReference(creditCodes: lines.compactMap(\.line.creditCode), transaction)
        var outcomes: [LineOutcome] = []
        for line in lines.map(\.line) {
            outcomes.append(try await enter(line, reference, scope, transaction))
        }
        return outcomes
    }

    private func enter(
        _ line: AttendanceLine, _ reference: InstitutionReference, _ scope: ImportScope,
        _ transaction: PostgresTransaction
    ) async throws -> LineOutcome {
        guard let session = try await TrainingStore.line(code: line.code, transaction) else {
            return refusal(.sessionUnknown, .code, line.code, "已登记的培训编号")
        }
        guard session.heldOn <= scope.today else {
            return refusal(.sessionNotHeld, .code, line.code, "举办日期 \(session.heldOn.iso) 之后再登记")
        }
        guard session.passMark == nil || line.score != nil else {
            return refusal(.scoreMissing, .score, "", "0～100 的整数，合格分数 \(session.passMark ?? 0)")
        }
        let person: PersonID?
        if let login = line.login {
            person = try await AccountStore.account(login: login, transaction)?.appointment.personId
        } else if let school = line.creditCode.flatMap({ reference.institution($0)?.id }), let name = line.name {
            person = try await DutyStore.person(named: name, of: school, keys, transaction)
        } else {
            person = nil
        }
        guard let person else {
            return refusal(
                .personUnknown, line.login == nil ? .name : .login, line.login ?? "", "已登记的登录名，或该单位已登记的责任人")
        }
        guard try await TrainingStore.isInOffice(person, on: session.heldOn, transaction) else {
            return refusal(.personLeft, line.login == nil ? .name : .login, line.login ?? "", "培训当日在任的人员")
        }
        let stored = try await transaction.first(
            """
            SELECT score FROM training_attendance WHERE session_code = \(line.code) AND person_id = \(person)
            """
        ) { row -> AttendanceLine in
            var known = line
            known.score = try row["score"]
            return known
        }
        guard stored != line else { return .unchanged }
        try await transaction.execute(
            """
            INSERT INTO training_attendance (session_code, person_id, score)
            VALUES (\(line.code), \(person), \(line.score))
            ON CONFLICT (session_code, person_id) DO UPDATE SET score = excluded.score
            """)
        try await transaction.record(
            "brightkitchen.registry.training.attended.v1", subject: person.rawValue,
            data: ["code": line.code, "score": line.score.map(String.init)], scope.context, occurredAt: scope.now)
        return stored == nil ? .added : .changed
    }

    private func refusal(
        _ code: FaultCode, _ column: AttendanceColumn, _ value: String, _ allowed: String
    ) -> LineOutcome {
        .refused([ValueFault(code, column: column.rawValue, value: value, allowed: allowed)])
    }
}
