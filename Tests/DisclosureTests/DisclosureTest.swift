import Access
import Calendar
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import DisclosureService

/// The service with folders of its own and the working days of the demo city.
enum DisclosureTest {
    static func run(_ body: @Sendable @escaping (DisclosureService, ServiceClient) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "disclosure-\(UUID().uuidString)")
        let workdays = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../deploy/demo/workdays").standardized.path
        do {
            try await ServiceTest<DisclosureService>.run(
                environment: [
                    "ATTACHMENTS_DIR": folder.appending(path: "files").path,
                    "DUMPS_DIR": folder.appending(path: "dumps").path, "WORKDAYS_DIR": workdays,
                ], body)
        } catch {
            try FileManager.default.removeItem(at: folder)
            throw error
        }
        try FileManager.default.removeItem(at: folder)
    }

    /// With one canteen of `TestPersons.school`.
    static func withCanteen(
        _ body: @Sendable @escaping (DisclosureService, ServiceClient) async throws -> Void
    ) async throws {
        try await run { service, client in
            try await Story.tell(Story.registered(), to: service, client)
            try await body(service, client)
        }
    }
}

/// The desk's commands as a program gives them.
struct DeskClient {
    let client: ServiceClient

    struct View: Decodable {
        struct Document: Decodable {
            let state: String
            let version: Int
            let content: [String: FieldValue]
            let late: Bool
            let validTo: LocalDate?
        }

        let itemId: ItemID
        let state: String
        let revision: Int
        let published: Document?
    }

    struct Command: Encodable {
        var canteenId: CanteenID? = Story.canteen
        var category: String?
        var content: [String: String]?
        var notApplicable: Bool?
        var reason: String?
        var then: String?
    }

    func answer(
        _ category: String, _ content: [String: String], then: String? = "publish", notApplicable: Bool? = nil,
        reason: String? = nil, by person: Principal = TestPersons.principal
    ) async throws -> TestResponse {
        try await client.post(
            "/disclosure/api/items", as: person,
            json: Command(
                category: category, content: content, notApplicable: notApplicable, reason: reason, then: then))
    }

    @discardableResult
    func publish(
        _ category: String, _ content: [String: String], by person: Principal = TestPersons.principal
    ) async throws -> View {
        let answer = try await answer(category, content, by: person)
        try #require(answer.status == .created, "\(answer.text)")
        return try answer.json(View.self)
    }

    func step(
        _ item: ItemID, _ step: String, reason: String? = nil, by person: Principal = TestPersons.principal
    ) async throws -> TestResponse {
        try await client.post(
            "/disclosure/api/items/\(item.rawValue)/\(step)", as: person, json: ["reason": reason ?? ""])
    }

    func text(_ path: String, _ text: String, by person: Principal) async throws -> TestResponse {
        try await client.post("/disclosure/api/\(path)", as: person, json: ["text": text])
    }

    func decide(_ path: String, _ decision: String, reason: String?, by person: Principal) async throws -> TestResponse
    {
        var command = ["decision": decision]
        command["reason"] = reason
        return try await client.post("/disclosure/api/\(path)/decision", as: person, json: command)
    }

    /// Types of all journal entries, in order.
    func journal() async throws -> [String] {
        try await client.pool.query("SELECT type FROM journal ORDER BY position") { row in
            let type: String = try row["type"]
            return type.replacing("brightkitchen.disclosure.", with: "")
        }
    }

    static let pledge = [
        "statement": "我校承诺严格落实食品安全主体责任。", "signer": "欧阳校长", "post": "校长", "signed_on": "2026-09-01",
    ]
    static let director = [
        "name": "李小明", "post": "director", "qualification": "省级考核合格", "examined_on": "2026-03-05",
    ]
    static let health = [
        "name": "张三丰", "post": "厨师", "issued_on": "2026-03-01", "valid_to": "2027-02-28",
    ]
    static let additive = [
        "name": "碳酸氢钠", "purpose": "馒头", "limit": "20", "amount": "1.5", "keeper": "王五", "month": "2026-11",
    ]
    static let purchase = [
        "supplier": "江门粮油公司", "item": "大米", "batch": "20261101", "received_on": "2026-11-10", "quantity": "500 kg",
        "ticket_numbers": "检验合格证 0012",
    ]
    static let selfCheck = ["period": "daily", "date": "2026-11-23", "found": "no", "checker": "赵六"]
    static let rating = [
        "dynamic_grade": "good", "annual_grade": "A", "score": "86", "assessed_on": "2026-05-10", "organ": "蓬江区市场监督管理局",
    ]
    static let inspection = [
        "inspected_on": "2026-11-10", "organ": "环市监管所", "result": "put_right", "result_on": "2026-11-12",
        "items": "抽查餐具消毒、留样记录；发现 1 份留样标签缺失，已当场补齐。",
    ]
}
