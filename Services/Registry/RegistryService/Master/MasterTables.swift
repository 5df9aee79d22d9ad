import Contracts

/// Every master table of the register, in the order in which an import needs them.
enum MasterTables {
    static let all: [ListTable] = [
        townships, organs, stations, roster, licences, certificates, contracts, terms, mealDays, cameras, staff, duties,
        training, attendance,
    ]

    static func named(_ name: String) -> ListTable? { all.first { $0.name == name } }

    private static let canteenSource = "FROM canteen c JOIN institution i ON i.id = c.institution_id"
    private static let departments = Department.allCases.map { ($0.rawValue, $0.chinese) }

    static let townships = ListTable(
        name: TownshipLine.kind,
        columns: ListTable.columns(
            TownshipColumn.self,
            [
                .code: "x.code", .name: "x.name", .division: "x.division_code", .divisionName: "x.division_name",
            ]), source: "FROM township x", key: ["x.code"], reach: .everyone, search: ["x.name", "x.division_name"])

    static let organs = ListTable(
        name: OrganLine.kind,
        columns: ListTable.columns(
            OrganColumn.self,
            forms: [
                .department: .choice(Department.allCases.map(\.chinese)),
                .level: .choice([OrganLevel.city, .county].map(\.chinese)),
            ],
            [
                .name: "x.name", .department: ListTable.word("x.department", departments),
                .level: ListTable.word("x.level", OrganLevel.allCases.map { ($0.rawValue, $0.chinese) }),
                .division: "x.division_code", .parent: "p.name",
            ]), source: "FROM organ x LEFT JOIN organ p ON p.id = x.parent_organ_id",
        filter: "x.level <> 'station'",
        key: ["x.division_code", "x.name"], reach: .everyone, search: ["x.name"])

    static let stations = ListTable(
        name: StationLine.kind,
        columns: ListTable.columns(
            StationColumn.self, forms: [.townships: .words],
            [
                .name: "x.name", .parent: "p.name", .division: "x.division_code",
                .townships: """
                (SELECT string_agg(t.township, '、' ORDER BY t.township COLLATE "C") FROM station_township t
                 WHERE t.organ_id = x.id)
                """,
            ]), source: "FROM organ x JOIN organ p ON p.id = x.parent_organ_id",
        filter: "x.level = 'station'",
        key: ["x.division_code", "x.name"], reach: .everyone, search: ["x.name"])

    static let roster = ListTable(
        name: RosterLine.kind,
        columns: ListTable.columns(
            RosterColumn.self,
            forms: [
                .cityDirect: .flag, .diners: .number, .zones: .words, .divisionConfirmed: .flag,
                .schoolType: .choice(SchoolType.allCases.map(\.chinese)),
                .department: .choice(Department.allCases.map(\.chinese)),
                .departmentLevel: .choice(SupervisingLevel.allCases.map(\.chinese)),
                .servingMode: .choice(ServingMode.allCases.map(\.rawValue)),
                .life: .choice(CanteenLife.Decision.allCases.map(\.chinese)),
                .coordinateSystem: .choice(CoordinateSystem.allCases.map(\.chinese)),
            ],
            [
                .schoolName: "i.name",
                .schoolType: ListTable.word("i.school_type", SchoolType.allCases.map { ($0.rawValue, $0.chinese) }),
                .department: ListTable.word("i.supervising_department", departments),
                .cityDirect: ListTable.flag("i.city_direct"), .creditCode: "i.uscc", .division: "i.division_code",
                .township: "i.township", .canteenName: "c.name", .licence: "c.licence_number",
                .issuedOn: ListTable.day("c.licence_issued_on"), .validTo: ListTable.day("c.licence_valid_to"),
                .diners: "c.diners", .servingMode: "c.serving_mode",
                // Without a contract in force the last caterer is named, because the mode demands one.
                .catererLicence: """
                CASE WHEN c.serving_mode = '\(ServingMode.delivered.rawValue)' THEN coalesce(c.caterer_licence_number,
                    (SELECT k.licence_number FROM contract x JOIN canteen k ON k.id = x.caterer_canteen_id
                     WHERE x.canteen_id = c.id ORDER BY x.starts_on DESC LIMIT 1)) END
                """,
                .zones: """
                (SELECT string_agg(\(ListTable.word("z.z", ZoneCode.allCases.map { ($0.rawValue, zoneWord($0)) })), '、' ORDER BY n)
                 FROM unnest(c.zones) WITH ORDINALITY AS z (z, n))
                """,
                .divisionConfirmed: ListTable.flag("substr(c.licence_number, 4, 6) <> i.division_code"),
                .licenceAppliedOn: ListTable.day("c.licence_applied_on"),
                .departmentReason: "i.supervising_reason",
                .departmentLevel: ListTable.word(
                    "i.supervising_level", SupervisingLevel.allCases.map { ($0.rawValue, $0.chinese) }),
                .externalOrgan: "i.external_organ", .externalContact: "i.external_contact",
                .branchReason: "c.branch_reason",
                .life: ListTable.word(
                    "c.life", CanteenLife.Decision.allCases.map { ($0.rawValue, $0.chinese) }),
                .lifeReason: "c.life_reason", .lifeSince: ListTable.day("c.life_since"),
                .mergedInto: "c.merged_into",
                .station: "(SELECT o.name FROM organ o WHERE o.id = c.fixed_station_id)",
                .stationReason: "c.station_reason", .latitude: "c.latitude::text", .longitude: "c.longitude::text",
                .coordinateSystem: ListTable.word(
                    "c.coordinate_system", CoordinateSystem.allCases.map { ($0.rawValue, $0.chinese) }),
            ]), source: canteenSource,
        listed: [
            "school_name", "school_type", "division", "township", "canteen_name", "licence", "valid_to", "diners",
            "life",
        ], key: ["i.uscc", "c.name"], reach: .canteen,
        search: ["i.name", "c.name", "c.licence_number"])

    /// One word per zone group, without a separator inside, so that the list can be read back.
    private static func zoneWord(_ zone: ZoneCode) -> String { zone == .z4 ? "专间备餐间" : zone.chinese }

    static let licences = ListTable(
        name: LicenceLine.kind,
        columns: ListTable.columns(
            LicenceColumn.self, forms: [.state: .choice(Licence.State.allCases.map(\.chinese))],
            [
                .licence: "x.number", .creditCode: "i.uscc", .canteenName: "c.name",
                .issuedOn: ListTable.day("x.issued_on"), .validTo: ListTable.day("x.valid_to"),
                .state: ListTable.word("x.state", Licence.State.allCases.map { ($0.rawValue, $0.chinese) }),
                .endedOn: ListTable.day("x.ended_on"), .scope: "x.scope", .verifiedBy: "x.verified_by",
            ]),
        source: "FROM licence x JOIN canteen c ON c.id = x.canteen_id JOIN institution i ON i.id = c.institution_id",
        key: ["i.uscc", "c.name", ListTable.day("x.issued_on"), "x.number"], reach: .canteen,
        search: ["i.name", "x.number"])

    static let certificates = ListTable(
        name: CertificateLine.kind,
        columns: ListTable.columns(
            CertificateColumn.self, forms: [.kind: .choice(CertificateKind.allCases.map(\.chinese))],
            [
                .creditCode: "i.uscc",
                .kind: ListTable.word("x.kind", CertificateKind.allCases.map { ($0.rawValue, $0.chinese) }),
                .number: "x.number", .body: "x.body", .validFrom: ListTable.day("x.valid_from"),
                .validTo: ListTable.day("x.valid_to"),
            ]), source: "FROM certificate x JOIN institution i ON i.id = x.institution_id",
        key: ["i.uscc", "x.kind", "x.number"], reach: .institution, search: ["i.name", "x.number", "x.body"])

    static let contracts = ListTable(
        name: ContractLine.kind,
        columns: ListTable.columns(
            ContractColumn.self,
            forms: [
                .meals: .words, .diners: .number, .endReason: .choice(ContractEnd.allCases.map(\.chinese)),
            ],
            [
                .number: "x.number", .creditCode: "i.uscc", .canteenName: "c.name", .caterer: "k.licence_number",
                .startsOn: ListTable.day("x.starts_on"), .endsOn: ListTable.day("x.ends_on"),
                .meals: """
                (SELECT string_agg(\(ListTable.word("m.m", Meal.allCases.map { ($0.rawValue, $0.chinese) })), '、' ORDER BY n)
                 FROM unnest(x.meals) WITH ORDINALITY AS m (m, n))
                """, .diners: "x.diners", .choiceReason: "x.choice_reason", .endedOn: ListTable.day("x.ended_on"),
                .endReason: ListTable.word("x.end_reason", ContractEnd.allCases.map { ($0.rawValue, $0.chinese) }),
            ]),
        source: """
            FROM contract x JOIN canteen c ON c.id = x.canteen_id JOIN institution i ON i.id = c.institution_id
            JOIN canteen k ON k.id = x.caterer_canteen_id JOIN institution ki ON ki.id = k.institution_id
            """, key: ["i.uscc", "c.name", "x.number"], reach: .canteen,
        search: ["i.name", "ki.name", "x.number", "k.licence_number"])

    static let terms = ListTable(
        name: TermLine.kind,
        columns: ListTable.columns(
            TermColumn.self,
            [
                .creditCode: "i.uscc", .name: "x.name", .startsOn: ListTable.day("x.starts_on"),
                .endsOn: ListTable.day("x.ends_on"),
            ]), source: "FROM school_term x JOIN institution i ON i.id = x.institution_id",
        key: ["i.uscc", "x.name"], reach: .institution, search: ["i.name", "x.name"])

    static let mealDays = ListTable(
        name: MealDayLine.kind,
        columns: ListTable.columns(
            MealDayColumn.self, forms: [.kind: .choice(MealDayKind.allCases.map(\.chinese))],
            [
                .creditCode: "i.uscc", .day: ListTable.day("x.day"),
                .kind: ListTable.word("x.kind", MealDayKind.allCases.map { ($0.rawValue, $0.chinese) }),
                .note: "x.note",
            ]), source: "FROM meal_day x JOIN institution i ON i.id = x.institution_id",
        key: ["i.uscc", ListTable.day("x.day")], reach: .institution, search: ["i.name", "x.note"])
}
