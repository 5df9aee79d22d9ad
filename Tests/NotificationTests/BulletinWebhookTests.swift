import Access
import Contracts
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

/// The life of a bulletin as the systems of the organs hear of it, and as a department's program takes part in it.
@Suite(.timeLimit(.minutes(3))) struct BulletinWebhookTests {
    typealias Test = ServiceTest<NotificationService>

    private static let base = "/notification/bulletins"

    private struct Created: Decodable { let bulletinId: BulletinID }
    private struct Nothing: Encodable {}
    private struct Words: Encodable { let answer: String }
    private struct Wish: Encodable {
        let url: String
        let eventTypes = WebhookEventType.all.filter { $0.contains(".bulletin.") }
    }

    private static func program(_ person: Principal, _ scopes: Set<Action>) -> Principal {
        var program = person
        program.personId = PersonID("client-\(person.role.rawValue)")
        program.scopes = scopes
        return program
    }

    private func types(_ receiver: Receiver) throws -> [String] {
        struct Event: Decodable { let type: String }
        return try receiver.messages.map { try EventJSON.decode(Event.self, from: $0.body).type }
            .map { $0.replacing("brightkitchen.notification.bulletin.", with: "").replacing(".v1", with: "") }
    }

    private func issued(_ client: ServiceClient) async throws -> BulletinID {
        let answer = try await client.post(Self.base, as: TestPersons.county, json: BulletinLifeTests.Wish())
        let id = try answer.json(Created.self).bulletinId
        let issued = try await client.post("\(Self.base)/\(id)/issue", as: TestPersons.county, json: Nothing())
        #expect(issued.status == .noContent)
        return id
    }

    @Test func receiverAndIssuerHearOfEveryStepAndNobodyElseDoes() async throws {
        let bureau = Receiver()
        let county = Receiver()
        let other = Receiver()
        try await bureau.run { bureauURL in
            try await county.run { countyURL in
                try await other.run { otherURL in
                    try await Test.run { service, client in
                        try await Feed(service: service, client: client).registry()
                        let places = [
                            (TestPersons.education, bureauURL), (TestPersons.county, countyURL),
                            (TestPersons.hr, otherURL),
                        ]
                        for (person, url) in places {
                            let answer = try await client.post(
                                "/notification/webhooks", as: person, json: Wish(url: url))
                            #expect(answer.status == .created, "\(answer.text)")
                        }
                        try await live(service, client)
                    }
                }
            }
        }
        #expect(try types(bureau) == ["issued", "urged", "receipted", "answered", "closed"])
        #expect(try types(county) == ["receipted", "answered"])
        #expect(other.messages.isEmpty)
    }

    private func live(_ service: NotificationService, _ client: ServiceClient) async throws {
        let id = try await issued(client)
        try await service.dispatcher.deliverDue()
        let steps: [(String, Principal)] = [
            ("urge", TestPersons.county), ("receipt", TestPersons.education), ("answer", TestPersons.education),
            ("close", TestPersons.county),
        ]
        for (verb, person) in steps {
            client.clock.advance(by: .seconds(1))
            let answer = try await client.post("\(Self.base)/\(id)/\(verb)", as: person, json: Words(answer: "已督促整改。"))
            #expect(answer.status.kind == .successful, "\(verb): \(answer.text)")
            try await service.dispatcher.deliverDue()
        }
    }

    @Test func aDepartmentsProgramReceiptsAndAnswersForItsOrganWithItsScopeOnly() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            let id = try await issued(client)
            let path = "\(Self.base)/\(id)"
            let reader = Self.program(TestPersons.education, [.readBulletins])
            #expect(try await client.post("\(path)/receipt", as: reader, json: Nothing()).status == .forbidden)
            let foreign = Self.program(TestPersons.hr, [.readBulletins, .answerBulletins])
            #expect(try await client.post("\(path)/receipt", as: foreign, json: Nothing()).status == .notFound)
            let program = Self.program(TestPersons.education, [.readBulletins, .answerBulletins])
            let todo = try await client.get("\(Self.base)?box=todo", as: program)
            #expect(todo.text.contains(id.rawValue))
            for _ in 0..<2 {
                let receipt = try await client.post(
                    "\(path)/receipt", as: program, json: Nothing(), headers: [.named("Idempotency-Key"): "receipt-1"])
                #expect(receipt.status == .noContent, "\(receipt.text)")
            }
            let empty = try await client.post("\(path)/answer", as: program, json: Words(answer: " "))
            #expect(empty.problemCode == "missing")
            let personal = try await client.post("\(path)/answer", as: program, json: Words(answer: "联系 13812345678"))
            #expect(personal.problemCode == "personal_data")
            let answer = try await client.post("\(path)/answer", as: program, json: Words(answer: "已督促整改。"))
            #expect(answer.status == .noContent, "\(answer.text)")
            // The same program may do nothing else.
            for verb in ["urge", "close", "issue", "discard"] {
                let refused = try await client.post("\(path)/\(verb)", as: program, json: Nothing())
                #expect(refused.status == .forbidden, "\(verb)")
            }
            #expect(try await client.post("/notification/webhooks", as: program, json: Nothing()).status == .forbidden)
            let receipted = try await feed.published(BulletinReceipted.self)
            #expect(receipted.map(\.receivingOrganId) == [TestPersons.educationOrgan])
            // Who did it is in the record: the program, by its id.
            let by = try await client.pool.first(
                "SELECT receipted_by, answered_by FROM bulletin_recipient WHERE bulletin_id = \(id) AND role = 'main'"
            ) { row -> [String] in [try row["receipted_by"], try row["answered_by"]] }
            #expect(by == [program.personId.rawValue, program.personId.rawValue])
        }
    }
}
