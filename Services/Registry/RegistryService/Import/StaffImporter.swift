import Access
import Calendar
import Contracts
import Journal
import PersonalData
import Postgres

/// Lines of the staff list → appointments, accounts with a random first password, `staff.appointed` and `staff.dismissed`.
/// Names and logins go into the erasable table only.
struct StaffImporter: LineImporter {
    let rules: StaffLine.Rules
    let jurisdiction: Jurisdiction
    let passwords: InitialPasswords
    let keys: PersonalDataKeys

    func keys(of line: StaffLine) -> [UniqueKey] {
        [UniqueKey(code: .duplicateKey, column: StaffColumn.login.rawValue, value: line.login)]
    }

    func apply(
        _ lines: [NumberedLine<StaffLine>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let organs = Dictionary(
            try await transaction.query(OrganStore.all, OrganStore.decode).map { ($0.name, $0) },
            uniquingKeysWith: { $1 })
        var outcomes: [LineOutcome] = []
        for numbered in lines {
            outcomes.append(try await enter(numbered.line, organs, scope, transaction))
        }
        return outcomes
    }

    private func enter(
        _ line: StaffLine, _ organs: [String: Organ], _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> LineOutcome {
        let organ: Organ?
        let school: SchoolID?
        switch place(of: line, organs) {
        case .refused(let fault): return .refused([fault])
        case .organ(let found): (organ, school) = (found, nil)
        case .nowhere: (organ, school) = (nil, nil)
        case .school(let text):
            let matches = try await AccountStore.schools(named: text, transaction)
            guard matches.count == 1, (matches[0].type == .caterer) == (line.role == .caterer) else {
                return .refused([
                    ValueFault(
                        .schoolUnknown, column: StaffColumn.school.rawValue, value: text,
                        allowed: matches.count > 1
                            ? "有 \(matches.count) 所同名学校，请填统一社会信用代码"
                            : "已登记\(line.role == .caterer ? "供餐单位" : "学校")的统一社会信用代码或全称")
                ])
            }
            (organ, school) = (nil, matches[0].id)
        }
        let stored = try await AccountStore.account(login: line.login, transaction)
        guard let stored else {
            if let fault = try await dutyFault(line, of: nil, from: nil, scope, transaction) {
                return .refused([fault])
            }
            try await add(line, organ?.id, school, scope, transaction)
            return .added
        }
        guard try PersonName.open(stored.name, of: stored.appointment.personId, keys) == line.name else {
            return .refused([
                ValueFault(
                    .loginTaken, column: StaffColumn.login.rawValue, value: line.login, allowed: "一个登录名只属于一个人")
            ])
        }
        var appointment = stored.appointment
        appointment.role = line.role
        appointment.organId = organ?.id
        appointment.schoolId = school
        appointment.validFrom = line.validFrom ?? appointment.validFrom
        appointment.validTo = line.validTo
        guard appointment != stored.appointment else { return .unchanged }
        if let fault = try await dutyFault(
            line, of: appointment.personId, from: stored.appointment.role, scope, transaction)
        {
            return .refused([fault])
        }
        try await AccountStore.save(appointment, transaction)
        // A move ends the old rights now: sessions and running tokens of the old post are void.
        try await SessionStore.endAll(of: appointment.personId, now: scope.now, transaction)
        try await RevocationStore.revoke(appointment.personId, now: scope.now, transaction)
        var events: [any Event] = []
        if !appointment.isSamePost(as: stored.appointment) {
            events.append(stored.appointment.dismissed(on: scope.today))
        }
        events.append(appointment.appointed)
        try await transaction.publish(events, scope.context, occurredAt: scope.now)
        return .changed
    }

    private func add(
        _ line: StaffLine, _ organ: OrganID?, _ school: SchoolID?, _ scope: ImportScope,
        _ transaction: PostgresTransaction
    ) async throws {
        let appointment = Appointment(
            personId: .new(), role: line.role, organId: organ, schoolId: school,
            validFrom: line.validFrom ?? scope.today, validTo: line.validTo)
        let password = InitialPasswords.random()
        let hash = try await passwords.hasher.hash(password)
        try await AccountStore.save(appointment, transaction)
        try await AccountStore.saveIdentity(
            PersonIdentity(personId: appointment.personId, login: line.login, name: line.name), keys, transaction)
        try await AccountStore.savePassword(
            hash, of: appointment.personId, at: scope.now, mustChange: !passwords.isDemo, transaction)
        var secret: String?
        if passwords.isDemo, line.role.needsSecondFactor {
            let otp = OneTimePassword()
            _ = try await SecondFactorStore(keys: keys).enrol(
                otp, of: appointment.personId, usedStep: 0, now: scope.now, transaction)
            secret = otp.base32
        }
        let codeSecret = secret
        try await transaction.publish(appointment.appointed, scope.context, occurredAt: scope.now)
        let passwords = passwords
        transaction.afterCommit {
            passwords.note(login: line.login, password: password, role: line.role.chinese, codeSecret: codeSecret)
        }
    }

    private func dutyFault(
        _ line: StaffLine, of person: PersonID?, from former: Role?, _ scope: ImportScope,
        _ transaction: PostgresTransaction
    ) async throws -> ValueFault? {
        guard
            let conflict = try await SeparatedDuties(keys: keys).conflict(
                name: line.name, person: person, from: former, to: line.role, on: scope.today, transaction)
        else { return nil }
        return ValueFault(
            .separatedDuties, column: StaffColumn.role.rawValue, value: line.role.chinese, allowed: conflict.zh)
    }

    private enum Place {
        case organ(Organ)
        case school(String)
        case nowhere
        case refused(ValueFault)
    }

    private func place(of line: StaffLine, _ organs: [String: Organ]) -> Place {
        switch line.role.scope {
        case .platform, nil:
            return .nowhere
        case .school, .caterer:
            return .school(line.school ?? "")
        case .organ(let department, let levels):
            let name = line.organ ?? ""
            guard let organ = organs[name] else {
                return .refused(
                    ValueFault(.organUnknown, column: StaffColumn.organ.rawValue, value: name, allowed: "已登记的机构全称"))
            }
            guard organ.department == department, levels.contains(organ.level) else {
                let allowed = levels.map(\.chinese).sorted().joined(separator: "或") + department.chinese + "机构"
                return .refused(
                    ValueFault(.roleScope, column: StaffColumn.organ.rawValue, value: name, allowed: allowed))
            }
            return .organ(organ)
        }
    }
}
