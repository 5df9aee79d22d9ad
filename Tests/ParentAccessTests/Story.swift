import Calendar
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import Journal
@testable import ParentAccessService

/// One school with three cameras (one of them in the anteroom), a second school, and the steps of a representative.
struct Story: Sendable {
    let service: ParentAccess
    let client: ServiceClient
    /// Where the text messages go.
    let outbox: URL

    static let camera = "camera-1"
    static let secondCamera = "camera-2"
    static let thirdCamera = "camera-3"
    static let anteroom = "camera-anteroom"
    static let foreignCamera = "camera-foreign"
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let number = "13800138000"
    static let password = "一句很长很长的口令也可以"
    static let environment = ["QUICK_PASSWORDS_FOR_TESTS": "true", "PUBLIC_BASE_URL": "https://kitchen.example"]

    /// Runs the body with the registry's facts in place.
    static func run(
        environment: [String: String] = [:], _ body: @escaping @Sendable (Story) async throws -> Void
    ) async throws {
        let outbox = FileManager.default.temporaryDirectory.appending(path: "bk-sms-\(UUID().uuidString).jsonl")
        let attachments = FileManager.default.temporaryDirectory.appending(path: "bk-files-\(UUID().uuidString)")
        let settings = Self.environment.merging(
            [
                "SMS_OUTBOX": outbox.path, "ATTACHMENTS_DIR": attachments.path,
                "WORKDAYS_DIR": Self.repository.appending(path: "deploy/demo/workdays").path,
            ]
        ) { _, own in own }
        try await ServiceTest<ParentAccess>.run(environment: settings.merging(environment) { _, own in own }) {
            service, client in
            let story = Story(service: service, client: client, outbox: outbox)
            try await story.register()
            try await service.refresher.refresh()
            try await body(story)
        }
        for left in [outbox, attachments] where FileManager.default.fileExists(atPath: left.path) {
            try FileManager.default.removeItem(at: left)
        }
    }

    func register() async throws {
        try await client.pool.transaction { tx in
            for (school, canteen, name) in [
                (TestPersons.school, "canteen-1", "蓬江区示例小学"), (TestPersons.otherSchool, "canteen-2", "江海区示例小学"),
            ] {
                let isOwn = school == TestPersons.school
                let event = CanteenRegistered(
                    canteenId: CanteenID(canteen), name: "第一食堂", schoolId: school, schoolName: name,
                    schoolType: .primary,
                    isCaterer: false, uscc: "12440703MB2C00000X", divisionCode: isOwn ? "440703" : "440704",
                    cityDirect: false, stationOrganId: isOwn ? TestPersons.stationOrgan : OrganID("station-x"),
                    countyOrganId: isOwn ? TestPersons.countyOrgan : TestPersons.otherCountyOrgan,
                    cityOrganId: TestPersons.cityOrgan, supervisingDepartment: .education,
                    supervisingOrganId: isOwn ? TestPersons.educationOrgan : OrganID("edu-x"), servingMode: "自营",
                    diners: 500, zones: [.z3], licenceNumber: "JY3440703000001",
                    licenceIssuedOn: LocalDate(client.clock.now()),
                    licenceValidTo: LocalDate(client.clock.now()).adding(days: 900), operating: true)
                try await ProjectionStore.save(ProjectionStore.CanteenRow(event), tx)
            }
            let cameras: [(String, SchoolID, Bool)] = [
                (Self.camera, TestPersons.school, false), (Self.secondCamera, TestPersons.school, false),
                (Self.thirdCamera, TestPersons.school, false), (Self.anteroom, TestPersons.school, true),
                (Self.foreignCamera, TestPersons.otherSchool, false),
            ]
            for (index, (id, school, anteroom)) in cameras.enumerated() {
                try await save(camera: id, school: school, anteroom: anteroom, number: index, status: .active, tx)
            }
        }
    }

    func save(
        camera id: String, school: SchoolID, anteroom: Bool = false, number: Int = 0, status: CameraStatus,
        _ tx: PostgresTransaction
    ) async throws {
        try await ProjectionStore.save(
            CameraFacts(
                cameraId: CameraID(id), canteenId: CanteenID(school == TestPersons.school ? "canteen-1" : "canteen-2"),
                schoolId: school, gbId: "4407030011132700000\(number)", name: "示例小学-第一食堂-烹饪区-0\(number)", zone: .z3,
                isAnteroom: anteroom, status: status), enabledOn: LocalDate(client.clock.now()), tx)
    }

    // MARK: the representative

    struct Invited: Decodable, Sendable {
        let representativeId: String
        let accountNumber: String
        let invitationUrl: String
        let grantId: String
        var token: String { String(invitationUrl.suffix(43)) }
        var path: String { "/parent/invitation/\(token)" }
    }

    struct Wish: Encodable {
        struct Grant: Encodable {
            struct Window: Encodable {
                let weekday: Int
                let from: String
                let to: String
            }
            let cameraIds: [String]
            let windows: [Window]
            let validFrom: String
            let validTo: String
        }
        let label: String
        let grant: Grant
    }

    static func wish(
        cameras: [String] = [camera, secondCamera], from: String = "08:00", to: String = "13:00",
        label: String = "家委会 3 号"
    ) -> Wish {
        Wish(
            label: label,
            grant: .init(
                cameraIds: cameras, windows: [.init(weekday: 1, from: from, to: to)], validFrom: "2026-11-01",
                validTo: "2027-07-31"))
    }

    func invite() async throws -> Invited {
        let answer = try await client.post(
            "/parent/v1/representatives", as: TestPersons.principal, json: Self.wish())
        try #require(answer.status == .created, "\(answer.text)")
        return try answer.json()
    }

    func accept(
        _ invited: Invited, password: String = Self.password, number: String = Self.number
    ) async throws -> TestResponse {
        let sent = try await client.submit("\(invited.path)/code", [("mobile_number", number)])
        guard sent.status == .ok else { return sent }
        return try await answer(invited, code: try lastCode(), password: password, number: number)
    }

    func answer(
        _ invited: Invited, code: String, password: String = Self.password, number: String = Self.number
    ) async throws -> TestResponse {
        try await client.submit(
            invited.path,
            [
                ("mobile_number", number), ("code", code), ("password", password), ("password_again", password),
                ("consent", Consent.currentVersion),
            ])
    }

    /// Everything that was sent by text message.
    func messages() throws -> [String] {
        guard FileManager.default.fileExists(atPath: outbox.path) else { return [] }
        return try String(contentsOf: outbox, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    func lastCode() throws -> String {
        let text = try #require(try messages().last)
        return String(try #require(text.firstMatch(of: /验证码 ([0-9]{6})/)).1)
    }

    /// Logs in and answers the cookie.
    func logIn(_ number: String, password: String = Self.password) async throws -> String {
        let answer = try await client.submit("/parent/login", [("account", number), ("password", password)])
        try #require(answer.status == .seeOther, "\(answer.text)")
        return try #require(Self.cookie(CookieName.parent, answer))
    }

    static func cookie(_ name: String, _ answer: TestResponse) -> String? {
        answer.headers[values: .setCookie].first { $0.hasPrefix("\(name)=") }?
            .dropFirst(name.utf8.count + 1).prefix { $0 != ";" }.description
    }

    /// A representative who is logged in: invitation and cookie.
    func representative() async throws -> (invited: Invited, cookie: String) {
        let invited = try await invite()
        try #require(try await accept(invited).status == .ok)
        return (invited, try await logIn(invited.accountNumber))
    }

    // MARK: video

    /// As the video element of a browser asks: with the cookie, for anything but a page.
    func open(_ camera: String, cookie: String) async throws -> TestResponse {
        try await client.get(
            "/video/open/\(camera)", headers: [.cookie: "\(CookieName.parent)=\(cookie)", .accept: "*/*"])
    }

    /// Opens and starts; answers the playlist's path.
    func watch(_ camera: String = Self.camera, cookie: String) async throws -> String {
        let opened = try await open(camera, cookie: cookie)
        try #require(opened.status == .seeOther, "\(opened.text)")
        let started = try await client.page(
            try #require(opened.headers[.location]), cookies: [CookieName.parent: cookie])
        try #require(started.status == .seeOther, "\(started.text)")
        return try #require(started.headers[.location])
    }

    /// What nginx asks before it serves a file.
    func authorize(_ uri: String, cookie: String? = nil, bearer: String? = nil) async throws -> (
        status: Int, refusal: String?, path: String?
    ) {
        var headers: HTTPFields = [.named("X-Original-URI"): uri]
        let cookies = [cookie.map { "\(CookieName.parent)=\($0)" }, bearer.map { "\(CookieName.token)=\($0)" }]
            .compactMap { $0 }
        if !cookies.isEmpty { headers[.cookie] = cookies.joined(separator: "; ") }
        let answer = try await client.send(.get, "/internal/video/authorize", headers: headers)
        return (
            answer.status.code, answer.headers[.named("X-Video-Refusal")], answer.headers[.named("X-Video-Path")]
        )
    }

    /// Gives the event to the service's own handler, in a transaction as its consumer does.
    func take<E: Event>(_ event: E) async throws {
        let subscription = try #require(service.subscriptions.first { $0.type == E.type })
        let received = ReceivedEvent(
            id: EventID(rawValue: UUIDv7.string()), event: event, source: "urn:brightkitchen:test", sequence: nil,
            occurredAt: client.clock.now(), correlationId: "test", traceparent: nil, consumedBy: "parent-access")
        try await client.pool.transaction { try await subscription.handle([received], $0) }
        try await service.refresher.refresh()
    }

    func sweep() async throws {
        var unwritten: [ViewSessionID: (session: ViewSession, cause: ViewEnd)] = [:]
        try await service.sweeper.sweep(&unwritten)
    }

    /// Event types (without prefix) and data, in order.
    func journal(_ fact: String) async throws -> [String] {
        let type = "brightkitchen.parent-access.\(fact).v1"
        return try await client.pool.query(
            "SELECT convert_from(data, 'UTF8') AS data FROM journal WHERE type = \(type) ORDER BY position"
        ) { try $0["data"] }
    }
}
