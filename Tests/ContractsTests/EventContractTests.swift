import Contracts
import Foundation
import Testing

/// Code, golden sample and schema of every event type say the same.
struct EventContractTests {
    @Test func everyDeclaredTypeIsInTheCatalogue() throws {
        let declared = try ContractFiles.declaredTypes()
        #expect(declared.count > 30)
        #expect(Set(EventCatalogue.names) == declared)
        #expect(EventCatalogue.names.count == declared.count)
    }

    @Test func everyTypeHasASchemaAndAGoldenSampleAndNoneIsLeftOver() throws {
        #expect(try ContractFiles.names(in: "golden", suffix: ".json") == Set(EventCatalogue.names))
        #expect(try ContractFiles.names(in: "schemas", suffix: ".schema.json") == Set(EventCatalogue.names))
    }

    @Test(arguments: EventCatalogue.names)
    func goldenSampleSurvivesARoundTripByteForByte(name: String) throws {
        let golden = try ContractFiles.golden(name)
        let type = try #require(EventCatalogue.type(named: name))
        #expect(
            String(decoding: try Self.reencoded(type, golden), as: UTF8.self) == String(decoding: golden, as: UTF8.self)
        )
    }

    /// With every optional field filled, the sample's keys are all that the code writes.
    @Test(arguments: EventCatalogue.names)
    func goldenSampleShowsEveryFieldOfTheSchema(name: String) throws {
        let golden = try JSONValue(Data(ContractFiles.golden(name)))
        let schema = try ContractFiles.schema(name)
        #expect(Set(golden.object.keys) == Set(schema.object["properties"]?.object.keys.map { $0 } ?? []))
        #expect(schema.object["title"]?.string == name)
        #expect(schema.object["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
    }

    @Test(arguments: EventCatalogue.names)
    func goldenSampleIsValid(name: String) throws {
        let golden = try JSONValue(Data(ContractFiles.golden(name)))
        #expect(try JSONSchema(schema: ContractFiles.schema(name)).faults(in: golden) == [])
    }

    /// A field is required in the schema exactly when the code cannot do without it.
    @Test(arguments: EventCatalogue.names)
    func requiredMeansRequired(name: String) throws {
        let golden = try JSONValue(Data(ContractFiles.golden(name))).object
        let schema = try ContractFiles.schema(name)
        let type = try #require(EventCatalogue.type(named: name))
        let required = Set(schema.object["required"]?.array.compactMap(\.string) ?? [])
        for field in golden.keys {
            var without = golden
            without[field] = nil
            let bytes = try JSONValue.object(without).bytes
            if required.contains(field) {
                #expect(throws: DecodingError.self, "\(field)") { try Self.reencoded(type, bytes) }
                #expect(try !JSONSchema(schema: schema).faults(in: .object(without)).isEmpty, "\(field)")
            } else {
                #expect(throws: Never.self, "\(field)") { try Self.reencoded(type, bytes) }
                #expect(try JSONSchema(schema: schema).faults(in: .object(without)) == [], "\(field)")
            }
        }
    }

    /// The schema refuses a value of another kind in every field.
    @Test(arguments: EventCatalogue.names)
    func aValueOfAnotherKindIsRefused(name: String) throws {
        let golden = try JSONValue(Data(ContractFiles.golden(name))).object
        let schema = JSONSchema(schema: try ContractFiles.schema(name))
        for field in golden.keys {
            var wrong = golden
            wrong[field] = .number(1.5)
            #expect(try !schema.faults(in: .object(wrong)).isEmpty, "\(field)")
        }
    }

    @Test(arguments: EventCatalogue.names)
    func fieldsThatProducersAddLaterAreIgnored(name: String) throws {
        var golden = try JSONValue(Data(ContractFiles.golden(name))).object
        golden["added_in_a_later_version"] = .object(["x": .array([.null])])
        let type = try #require(EventCatalogue.type(named: name))
        let bytes = try JSONValue.object(golden).bytes
        #expect(try Self.reencoded(type, bytes) == ContractFiles.golden(name))
        #expect(try JSONSchema(schema: ContractFiles.schema(name)).faults(in: .object(golden)) == [])
    }

    @Test(arguments: EventCatalogue.names)
    func keyAndSubjectAreNotEmptyAndTheTopicIsKnown(name: String) throws {
        let type = try #require(EventCatalogue.type(named: name))
        let event = try EventJSON.decode(type, from: ContractFiles.golden(name))
        #expect(!event.partitionKey.isEmpty)
        #expect(!event.subject.isEmpty)
        #expect(name.wholeMatch(of: /brightkitchen\.[a-z-]+\.[a-z-]+\.[a-z-]+\.v[1-9]/) != nil)
        let service = name.split(separator: ".")[1]
        #expect(
            event.topic.name == "brightkitchen.\(service).v1" || event.topic.name.hasPrefix("brightkitchen.bulletins."))
    }

    /// Persons appear by pseudonymous id only: no field is named after what would identify one.
    @Test(arguments: EventCatalogue.names)
    func noFieldIsMadeForPersonalData(name: String) throws {
        let fields = try ContractFiles.schema(name).object["properties"]?.object.keys.map { $0 } ?? []
        let forbidden = ["phone", "mobile", "email", "id_card", "id_number", "address", "person_name", "display_name"]
        for field in fields {
            #expect(!forbidden.contains { field.contains($0) }, "\(field)")
        }
    }

    private static func reencoded(_ type: any Event.Type, _ bytes: [UInt8]) throws -> [UInt8] {
        try EventJSON.encode(EventJSON.decode(type, from: bytes))
    }
}
