import Access
import Contracts
import Postgres

/// The tables that people write to over HTTP, who may, and whom a row belongs to. Accounts (`staff`) are not among them.
enum MasterWriters {
    static let all: [any TableWriting] = [
        townships, organs, stations, roster, licences, certificates, contracts, terms, mealDays, cameras, duties,
        training,
        attendance,
    ]

    static func named(_ name: String) -> (any TableWriting)? { all.first { $0.table.name == name } }

    private static let school: [Action] = [.registerCanteen, .publishSchoolItems]

    /// The seat of the city: what belongs to no institution is the city regulator's.
    private static func city(_ jurisdiction: Jurisdiction) -> Resource? {
        jurisdiction.cityRegulator.map { Resource(divisionCode: $0.divisionCode, cityOrganId: $0.id, organId: $0.id) }
    }

    /// The institution with this code, through any of its canteens.
    private static func institution(_ code: String, _ transaction: PostgresTransaction) async throws -> Resource? {
        try await CanteenStore.related(creditCodes: [code], licences: [], transaction).first?.resource()
    }

    private static func canteen(licence: String, _ transaction: PostgresTransaction) async throws -> Resource? {
        try await CanteenStore.byLicence([licence], transaction).first?.resource()
    }

    static let townships = TableWriter<TownshipImporter>(
        table: MasterTables.townships, actions: [.registerCanteen], importer: { _ in TownshipImporter() },
        key: { line, _ in [line.code] }, owner: { _, jurisdiction, _ in city(jurisdiction) })

    static let organs = TableWriter<OrganImporter>(
        table: MasterTables.organs, actions: [.registerCanteen], importer: { _ in OrganImporter() },
        key: { line, _ in [line.divisionCode, line.name] }, owner: { _, jurisdiction, _ in city(jurisdiction) })

    static let stations = TableWriter<StationImporter>(
        table: MasterTables.stations, actions: [.registerCanteen],
        importer: { StationImporter(rules: StationLine.Rules(jurisdiction: $0.jurisdiction)) },
        key: { line, _ in [line.divisionCode, line.name] }, owner: { _, jurisdiction, _ in city(jurisdiction) })

    static let roster = TableWriter<RosterImporter>(
        table: MasterTables.roster, actions: [.registerCanteen],
        importer: { RosterImporter(rules: RosterLine.Rules(jurisdiction: $0.jurisdiction, today: $0.today)) },
        key: { line, _ in [line.creditCode, line.canteenName] },
        owner: { line, jurisdiction, transaction in
            // An institution that exists belongs to whom it belongs now: a line cannot take it from another county.
            if let known = try await institution(line.creditCode, transaction) { return known }
            let organs = jurisdiction.assignment(
                division: line.divisionCode, township: line.township, cityDirect: line.cityDirect,
                department: line.department)
            return Resource(
                divisionCode: line.divisionCode, stationOrganId: organs.station, countyOrganId: organs.county,
                cityOrganId: organs.city ?? jurisdiction.cityRegulator?.id)
        })

    static let licences = TableWriter<LicenceImporter>(
        table: MasterTables.licences, actions: [.publishLicenceAndRating],
        importer: { LicenceImporter(rules: LicenceLine.Rules(today: $0.today)) },
        key: { line, _ in [line.creditCode, line.canteenName, line.licence.issuedOn.iso, line.licence.number] },
        owner: { line, _, transaction in try await institution(line.creditCode, transaction) })

    static let certificates = TableWriter<CertificateImporter>(
        table: MasterTables.certificates, actions: [.registerCanteen],
        importer: { CertificateImporter(rules: CertificateLine.Rules(today: $0.today)) },
        key: { line, _ in [line.creditCode, line.certificate.rawValue, line.number] },
        owner: { line, _, transaction in try await institution(line.creditCode, transaction) })

    static let contracts = TableWriter<ContractImporter>(
        table: MasterTables.contracts, actions: school,
        importer: { ContractImporter(rules: ContractLine.Rules(today: $0.today)) },
        key: { line, _ in [line.creditCode, line.canteenName, line.number] },
        owner: { line, _, transaction in try await institution(line.creditCode, transaction) })

    static let terms = TableWriter<TermImporter>(
        table: MasterTables.terms, actions: school + [.draftSchoolItems], importer: { _ in TermImporter() },
        key: { line, _ in [line.creditCode, line.term.name] },
        owner: { line, _, transaction in try await institution(line.creditCode, transaction) })

    static let mealDays = TableWriter<MealDayImporter>(
        table: MasterTables.mealDays, actions: school + [.draftSchoolItems], importer: { _ in MealDayImporter() },
        key: { line, _ in [line.creditCode, line.day.iso] },
        owner: { line, _, transaction in try await institution(line.creditCode, transaction) })

    static let cameras = TableWriter<CameraImporter>(
        table: MasterTables.cameras, actions: [.registerCanteen],
        importer: { _ in CameraImporter(refusedCanteens: [:]) }, key: { line, _ in [line.gbId.text] },
        owner: { line, _, transaction in
            switch line.place {
            case .licence(let number): try await canteen(licence: number, transaction)
            case .institution(let code, _): try await institution(code, transaction)
            }
        })

    static let duties = TableWriter<DutyImporter>(
        table: MasterTables.duties, actions: school, importer: { DutyImporter(keys: $0.keys) },
        key: { line, keys in
            [
                line.creditCode, line.duty.rawValue, line.validFrom.iso, line.canteenName ?? "",
                DutyPersonName.lookup(line.name, keys).hexText,
            ]
        },
        owner: { line, _, transaction in try await institution(line.creditCode, transaction) })

    static let training = TableWriter<TrainingImporter>(
        table: MasterTables.training, actions: [.manageTraining], importer: { _ in TrainingImporter() },
        key: { line, _ in [line.code] },
        owner: { line, jurisdiction, transaction in
            if let stored = try await TrainingStore.line(code: line.code, transaction), stored.organ != line.organ,
                stored.creditCode != line.creditCode
            {
                return nil
            }
            return try await organiser(line, jurisdiction, transaction)
        })

    static let attendance = TableWriter<AttendanceImporter>(
        table: MasterTables.attendance, actions: [.manageTraining], importer: { AttendanceImporter(keys: $0.keys) },
        key: { line, keys in
            [
                line.code, line.login ?? "", line.creditCode ?? "",
                line.name.map { DutyPersonName.lookup($0, keys).hexText } ?? "",
            ]
        },
        owner: { line, jurisdiction, transaction in
            guard let session = try await TrainingStore.line(code: line.code, transaction) else { return nil }
            return try await organiser(session, jurisdiction, transaction)
        })

    private static func organiser(
        _ line: TrainingLine, _ jurisdiction: Jurisdiction, _ transaction: PostgresTransaction
    ) async throws -> Resource? {
        if let code = line.creditCode { return try await institution(code, transaction) }
        guard let organ = line.organ.flatMap(jurisdiction.organ(named:)) else { return nil }
        return organ.resource
    }
}
