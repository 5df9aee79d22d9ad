import Access
import Calendar
import Concurrency
import Contracts
import Foundation
import Journal
import Logging
import Postgres
import ServiceKit
import TestSupport

@testable import RegistryService

/// A city with organs, a calendar and as many canteens as a test makes, and the access clock on the test's time.
struct AccessCity: Sendable {
    let client: ServiceClient
    let evaluator: AccessEvaluator

    var timer: AccessTimer {
        AccessTimer(
            pool: client.pool, clock: client.clock, evaluator: evaluator, logger: Logger(label: "access-clock"))
    }

    static func run(
        at time: String, calendar years: [Int] = Array(2019...2026), liveDirectory: String = "/nowhere",
        _ body: @Sendable @escaping (AccessCity) async throws -> Void
    ) async throws {
        try await RegistryTest.run(liveDirectory: liveDirectory) { client in
            guard let instant = Instant(rfc3339: time) else { throw RegistryTest.NotFound(what: time) }
            client.clock.set(instant)
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            let city = AccessCity(
                client: client,
                evaluator: AccessEvaluator(rule: try AccessRule.builtIn(), calendars: CalendarSource()))
            _ = try await city.load(years.map(WorkingCalendarFiles.notice))
            try await body(city)
        }
    }

    /// The clock of another process on the same database.
    func restarted() throws -> AccessTimer {
        AccessTimer(
            pool: client.pool, clock: client.clock,
            evaluator: AccessEvaluator(rule: try AccessRule.builtIn(), calendars: CalendarSource()),
            logger: Logger(label: "restarted"))
    }

    func load(_ notices: [HolidayNotice]) async throws -> CalendarStore.Outcome {
        let context = EventContext(actor: .system("test"), correlationId: "test")
        return try await client.pool.transaction {
            try await CalendarStore.load(notices, context, now: client.clock.now(), $0)
        }
    }

    func move(to time: String) async throws {
        guard let instant = Instant(rfc3339: time) else { throw RegistryTest.NotFound(what: time) }
        client.clock.set(instant)
        try await timer.settle()
    }

    /// Telemetry as it stands now: this share of the last 24 hours with pictures, and a report just taken in.
    func report(_ camera: CameraID, share: Double) async throws {
        let now = client.clock.now()
        let begin = now - .seconds(86_400)
        let seen = begin + .microseconds(Int64((1 - share) * 86_400_000_000))
        try await client.pool.transaction { transaction in
            try await transaction.execute("DELETE FROM camera_signal_interval WHERE camera_id = \(camera)")
            try await transaction.execute(
                """
                INSERT INTO camera_signal_interval (camera_id, from_at, to_at, state)
                VALUES (\(camera), \(begin - .seconds(3_600)), \(seen), 'lost'), (\(camera), \(seen), NULL, 'ok')
                """)
            try await transaction.execute(
                """
                INSERT INTO telemetry_heartbeat (source, through) VALUES ('push', \(now))
                ON CONFLICT (source) DO UPDATE SET through = excluded.through
                """)
            try await AccessStore.markTested(transaction)
        }
        try await timer.settle()
    }

    /// Licence numbers of 440784 with right check digits.
    static let licences = [1: "JY34407840000015", 2: "JY34407840000023", 3: "JY34407840000031", 4: "JY34407840000040"]

    /// Imports one canteen in Heshan through the real import and lets the clock see it.
    @discardableResult
    func canteen(
        issuedOn: String, licence: Int = 1, school: String = "示例小学", department: String = "教育",
        type: String = "小学", zones: String = "烹饪区"
    ) async throws -> Canteen {
        guard let number = Self.licences[licence] else { throw RegistryTest.NotFound(what: "licence") }
        let code = school == "示例小学" && licence != 2 ? "12440703000000019G" : "124407850000000199"
        let header =
            "学校名称,学校类型,主管部门,市直,统一社会信用代码,行政区划代码,镇街,食堂名称,食品经营许可证编号,发证日期,有效期至,用餐人数,供餐方式,供餐单位许可证编号,操作区域"
        let line =
            "\(school)\(code.suffix(2)),\(type),\(department),否,\(code),440784,,一食堂,\(number),\(issuedOn),2031-01-01,300,自营,,\(zones)"
        var files = ImportFiles()
        files.roster = try RegistryTest.file([header, line])
        let report = try await RegistryTest.importFiles(files, client)
        guard report.isComplete else { throw RegistryTest.NotFound(what: "\(report.files.flatMap(\.faults))") }
        try await timer.settle()
        return try await RegistryTest.canteen(licence: number, client)
    }

    func unsaved(issuedOn: String) async throws -> Canteen {
        guard let day = LocalDate(iso: issuedOn) else { throw RegistryTest.NotFound(what: issuedOn) }
        return Canteen.sample(licence: Self.licences[1] ?? "", issuedOn: day)
    }

    func record(_ id: CanteenID) async throws -> AccessRecord {
        guard let record = try await AccessStore.find(id, client.pool) else {
            throw RegistryTest.NotFound(what: id.rawValue)
        }
        return record
    }

    /// Events of one type in the order of the journal, as they are published.
    func events<E: Event>(_ type: E.Type) async throws -> [E] {
        try await client.pool.query("SELECT data FROM journal WHERE type = \(E.type) ORDER BY position") {
            row -> [UInt8] in
            try row["data"]
        }.map { try EventJSON.decode(E.self, from: $0) }
    }
}

extension AccessRecord {
    static func sample(startedOn: LocalDate?, deadline: LocalDate?) -> AccessRecord {
        var record = AccessRecord(
            canteenId: CanteenID("canteen"), registeredOn: startedOn ?? LocalDate(daysSinceEpoch: 0),
            facts: AccessRecord.Facts(Canteen.sample(licence: "", issuedOn: LocalDate(daysSinceEpoch: 0))))
        record.clock = .running
        record.licenceNumber = "JY34407840000015"
        record.startedOn = startedOn
        record.deadline = deadline
        record.calendarVersion = 1
        return record
    }
}

extension Canteen {
    static func sample(licence: String, issuedOn: LocalDate) -> Canteen {
        Canteen(
            id: CanteenID("canteen"),
            institution: Institution(
                id: SchoolID("school"), creditCode: "12440703000000019G", name: "示例小学", type: .primary,
                department: .education, cityDirect: false, divisionCode: "440784", township: nil),
            name: "一食堂", servingMode: .own, diners: 300, zones: [.z3], catererLicence: nil,
            licence: Licence(number: licence, issuedOn: issuedOn, validTo: issuedOn.adding(days: 1_800)),
            assignment: Jurisdiction.Assignment(), operating: true)
    }
}
