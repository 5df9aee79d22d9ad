import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// A school's responsible persons: who must be there, who is, who is trained. A person's data can be erased.
struct PeopleRoutes: Sendable {
    private let runtime: ServiceRuntime
    /// How many days a training counts.
    private let validDays: Int

    init(runtime: ServiceRuntime, validDays: Int) {
        self.runtime = runtime
        self.validDays = validDays
    }

    func declare(_ routes: Routes) {
        routes.get("/schools/{id}/people", .signedIn, options: .viewed, use: show)
        routes.get("/v1/schools/{id}/people", .signedIn, options: .viewed, use: document)
        routes.post("/schools/{id}/people/{person}/erase", .signedIn, use: submitErasure)
        routes.post("/v1/schools/{id}/people/{person}/erase", .signedIn, use: erase)
    }

    private struct School {
        let institution: Institution
        let canteens: [Canteen]
        let resource: Resource
    }

    private func school(_ context: BrightContext) async throws -> School {
        let id: SchoolID = try context.id("id")
        let canteens = try await runtime.pool.query(
            "SELECT \(CanteenStore.columns) \(CanteenStore.source) WHERE i.id = \(id) ORDER BY c.name",
            CanteenStore.decode)
        guard let first = canteens.first else { throw Problem.notFound }
        let resource = first.resource()
        // Names of people are for the school, its caterer and those who oversee it; parents never get here.
        guard
            context.may(.registerCanteen, on: resource, intent: .read) || context.may(.runPatrol, on: resource)
                || context.may(.draftSchoolItems, on: resource)
        else {
            _ = try context.requirePrincipal()
            throw Problem.notFound
        }
        return School(institution: first.institution, canteens: canteens, resource: resource)
    }

    private struct Person: Encodable {
        let personId: PersonID
        /// Absent after erasure.
        let name: String?
        let duty: String
        let canteen: String?
        let validFrom: LocalDate
        let validTo: LocalDate?
        /// Absent where no training is required of the person any more.
        let trained: Bool?
    }

    private struct Missing: Encodable {
        let duty: String
        let canteen: String?
    }

    private struct Document: Encodable {
        let schoolId: SchoolID
        let people: [Person]
        let missing: [Missing]
    }

    private func document(_ school: School, _ today: LocalDate) async throws -> Document {
        let id = school.institution.id
        let entries = try await DutyStore.entries(of: id, runtime.personalDataKeys, runtime.pool)
        let trained = try await TrainingCoverage.trained(
            of: id, on: today, validDays: validDays, runtime.pool)
        let names = Dictionary(school.canteens.map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
        return Document(
            schoolId: id,
            people: entries.map { entry in
                Person(
                    personId: entry.personId, name: entry.name, duty: entry.duty.rawValue,
                    canteen: entry.canteenId.flatMap { names[$0] }, validFrom: entry.validFrom, validTo: entry.validTo,
                    trained: entry.isInForce(on: today) ? trained[entry.personId] : nil)
            }, missing: missing(school, entries.filter { $0.isInForce(on: today) }, today))
    }

    /// A duty of the whole institution covers its canteens.
    private func missing(_ school: School, _ entries: [DutyStore.Entry], _ today: LocalDate) -> [Missing] {
        let open = school.canteens.filter { [.operating, .registered].contains($0.stage(on: today)) }
        let whole = Set(entries.filter { $0.canteenId == nil }.map(\.duty))
        var missing = [Duty.principal, .videoKeeper, .dataKeeper].filter { duty in
            !entries.contains { $0.duty == duty }
        }.map { Missing(duty: $0.rawValue, canteen: nil) }
        for canteen in open {
            let own = Set(entries.filter { $0.canteenId == canteen.id }.map(\.duty))
            let wanted = Duty.required(school.institution.type, diners: canteen.diners)
            for duty in [Duty.safetyDirector, .safetyAdministrator]
            where wanted.contains(duty) && !whole.contains(duty) && !own.contains(duty) {
                missing.append(Missing(duty: duty.rawValue, canteen: canteen.name))
            }
        }
        return missing
    }

    @Sendable private func document(_ request: Request, _ context: BrightContext) async throws -> Response {
        try .json(try await document(try await school(context), LocalDate(context.now)))
    }

    private struct Row {
        let name: String
        let duty: String
        let canteen: String
        let days: String
        let training: String
        let isTrained: Bool
        let isUntrained: Bool
        let erasePath: String?
    }

    private struct Model {
        let rows: [Row]
        let isEmpty: Bool
        let text: String
        let missing: [String]
        let hasMissing: Bool
        let newPath: String?
        let exportPath: String
    }

    @Sendable private func show(_ request: Request, _ context: BrightContext) async throws -> Response {
        let school = try await school(context)
        let document = try await document(school, LocalDate(context.now))
        let pages = runtime.pages
        let mayWrite = mayWrite(school, context)
        func duty(_ key: String) -> String { pages.text("duty.\(key)", context) }
        let rows = document.people.map { person in
            Row(
                name: person.name ?? pages.text("people.erased", context), duty: duty(person.duty),
                canteen: person.canteen ?? pages.text("people.whole", context),
                days: person.validFrom.iso + " – " + (person.validTo?.iso ?? ""),
                training: person.trained.map { pages.text($0 ? "people.trained" : "people.untrained", context) } ?? "—",
                isTrained: person.trained == true, isUntrained: person.trained == false,
                erasePath: mayWrite && person.name != nil && person.validTo != nil
                    ? "/registry/schools/\(document.schoolId)/people/\(person.personId)/erase" : nil)
        }
        return try pages.render(
            "people", context,
            PageMeta(
                title: pages.text("people.title", context),
                crumbs: [
                    Crumb(pages.text("canteens.title", context), "/registry/canteens"),
                    Crumb(school.institution.name, "/registry/canteens/\(school.canteens[0].id)"),
                    Crumb(pages.text("people.title", context)),
                ], lead: school.institution.name, current: "canteens", isWide: true),
            model: Model(
                rows: rows, isEmpty: rows.isEmpty, text: pages.text("people.none", context),
                missing: document.missing.map { duty($0.duty) + ($0.canteen.map { " · \($0)" } ?? "") },
                hasMissing: !document.missing.isEmpty,
                newPath: mayWrite
                    ? "/registry/register/duties/new?credit_code=\(school.institution.creditCode)" : nil,
                exportPath: "/registry/register/duties/export.csv?credit_code=\(school.institution.creditCode)"))
    }

    private func mayWrite(_ school: School, _ context: BrightContext) -> Bool {
        MasterWriters.duties.actions.contains { context.may($0, on: school.resource) }
    }

    @Sendable private func submitErasure(_ request: Request, _ context: BrightContext) async throws -> Response {
        let school = try await school(context)
        _ = try await request.form(context)
        try await erase(school, context)
        return .seeOther("/registry/schools/\(school.institution.id)/people")
    }

    @Sendable private func erase(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await erase(try await school(context), context)
        return .noContent()
    }

    /// Erased twice is erased. Somebody still in office cannot be erased: the school must be able to name them.
    private func erase(_ school: School, _ context: BrightContext) async throws {
        guard mayWrite(school, context) else { throw Problem.forbidden }
        let person: PersonID = try context.id("person")
        let today = LocalDate(context.now)
        let entries = try await DutyStore.entries(of: school.institution.id, runtime.personalDataKeys, runtime.pool)
            .filter { $0.personId == person }
        guard !entries.isEmpty else { throw Problem.notFound }
        guard !entries.contains(where: { $0.isInForce(on: today) }) else {
            throw Problem.conflict(
                code: "still_in_office", zh: "此人仍在任，离任后才能删除个人信息。",
                en: "This person is still in office; end the duty first.")
        }
        let eventContext = try context.eventContext()
        try await runtime.pool.transaction { transaction in
            guard try await DutyStore.erase(person, transaction) else { return }
            try await transaction.record(
                "brightkitchen.registry.duty.person-erased.v1", subject: school.institution.id.rawValue,
                data: ["person_id": person.rawValue], eventContext, occurredAt: context.now)
        }
    }
}
