import Contracts

extension MasterTables {
    static let cameras = ListTable(
        name: CameraLine.kind,
        columns: ListTable.columns(
            CameraColumn.self,
            [
                .licence: "c.licence_number", .name: "x.name",
                .zone: """
                CASE WHEN x.is_anteroom THEN '预进间' ELSE
                \(ListTable.word("x.zone", ZoneCode.allCases.map { ($0.rawValue, $0.chinese) })) END
                """, .gbId: "x.gb_id", .enabledOn: ListTable.day("x.enabled_on"), .canteenName: "c.name",
                .creditCode: "CASE WHEN c.licence_number IS NULL THEN i.uscc END",
            ]),
        source: "FROM camera x JOIN canteen c ON c.id = x.canteen_id JOIN institution i ON i.id = c.institution_id",
        key: ["x.gb_id"], reach: .canteen, search: ["x.name", "x.gb_id", "i.name"])

    static let staff = ListTable(
        name: StaffLine.kind,
        columns: ListTable.columns(
            StaffColumn.self, forms: [.name: .sealed(.account)],
            [
                .name: ListTable.sealed("p"), .login: "p.login",
                .role: ListTable.word("x.role", Role.allCases.map { ($0.rawValue, $0.chinese) }), .organ: "o.name",
                .school: "i.uscc", .validFrom: ListTable.day("x.valid_from"), .validTo: ListTable.day("x.valid_to"),
            ]),
        source: """
            FROM appointment x JOIN person_identity p USING (person_id) LEFT JOIN organ o ON o.id = x.organ_id
            LEFT JOIN institution i ON i.id = x.school_id
            """, key: ["p.login"], reach: .organiser, search: ["p.login"], holdsPersonalData: true)

    static let duties = ListTable(
        name: DutyLine.kind,
        columns: ListTable.columns(
            DutyColumn.self, forms: [.duty: .choice(Duty.allCases.map(\.chinese)), .name: .sealed(.duty)],
            [
                .creditCode: "i.uscc", .canteenName: "(SELECT name FROM canteen WHERE id = x.canteen_id)",
                .duty: ListTable.word("x.kind", Duty.allCases.map { ($0.rawValue, $0.chinese) }),
                .name: ListTable.sealed("p"),
                .login: "x.login", .validFrom: ListTable.day("x.valid_from"), .validTo: ListTable.day("x.valid_to"),
            ]),
        source: """
            FROM duty x JOIN institution i ON i.id = x.institution_id JOIN duty_person p USING (person_id)
            """,
        key: [
            "i.uscc", "x.kind", ListTable.day("x.valid_from"),
            "coalesce((SELECT name FROM canteen WHERE id = x.canteen_id), '')", "encode(p.name_lookup, 'hex')",
        ], reach: .institution, search: ["i.name"], holdsPersonalData: true)

    static let training = ListTable(
        name: TrainingLine.kind,
        columns: ListTable.columns(
            TrainingColumn.self,
            forms: [
                .hours: .number, .passMark: .number, .audience: .choice(TrainingAudience.allCases.map(\.chinese)),
            ],
            [
                .code: "x.code", .plan: "x.plan", .title: "x.title",
                .audience: ListTable.word("x.audience", TrainingAudience.allCases.map { ($0.rawValue, $0.chinese) }),
                .organ: "o.name", .creditCode: "i.uscc", .heldOn: ListTable.day("x.held_on"), .hours: "x.hours",
                .passMark: "x.pass_mark",
            ]),
        source: """
            FROM training_session x LEFT JOIN organ o ON o.id = x.organ_id
            LEFT JOIN institution i ON i.id = x.institution_id
            """, key: ["x.code"], reach: .everyone, search: ["x.title", "x.code", "x.plan"])

    static let attendance = ListTable(
        name: AttendanceLine.kind,
        columns: ListTable.columns(
            AttendanceColumn.self, forms: [.score: .number, .name: .sealed(.duty)],
            [
                .code: "x.session_code", .login: "a.login",
                .creditCode: "CASE WHEN a.login IS NULL THEN i.uscc END",
                .name: "CASE WHEN a.login IS NULL THEN \(ListTable.sealed("p")) END", .score: "x.score",
            ]),
        source: """
            FROM training_attendance x LEFT JOIN person_identity a USING (person_id)
            LEFT JOIN duty_person p USING (person_id) LEFT JOIN appointment n USING (person_id)
            LEFT JOIN institution i ON i.id = coalesce(n.school_id, p.institution_id)
            LEFT JOIN organ o ON o.id = n.organ_id
            """, filter: "(a.login IS NOT NULL OR p.name IS NOT NULL)",
        key: [
            "x.session_code", "coalesce(a.login, '')", "CASE WHEN a.login IS NULL THEN i.uscc ELSE '' END",
            "CASE WHEN a.login IS NULL THEN encode(p.name_lookup, 'hex') ELSE '' END",
        ],
        reach: .organiser, search: ["a.login", "i.name"], holdsPersonalData: true)
}
