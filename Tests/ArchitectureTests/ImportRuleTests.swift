import Testing

/// Keeps the import rules of docs/architecture.md true.
struct ImportRuleTests {
    /// Every module of ours and which of ours it may import.
    private static let allowed: [String: Set<String>] = [
        "Calendar": [],
        "Concurrency": ["Calendar"],
        "Contracts": ["Calendar"],
        "Kafka": ["CRDKafka", "Concurrency", "Calendar"],
        "Postgres": ["CLibPQ", "Concurrency", "Calendar"],
        "Digests": ["COpenSSL"],
        "PersonalData": ["Postgres"],
        "Delivery": ["CCurl", "Concurrency", "Calendar"],
        "Access": ["Contracts", "Concurrency", "Calendar"],
        "Journal": ["Postgres", "Kafka", "Contracts", "Digests", "Concurrency", "Calendar"],
        "EmbeddedBroker": ["CListenerPort", "CRDKafka", "Kafka", "Concurrency"],
        "ServiceKit": [
            "Journal", "Postgres", "Kafka", "Contracts", "Access", "Delivery", "Digests", "PersonalData", "Concurrency",
            "Calendar",
        ],
        "Attachments": ["ServiceKit", "Digests"],
    ]

    private static let services = ["Registry", "Disclosure", "PatrolLedger", "Notification", "ParentAccess"]
    private static let forServices: Set<String> = [
        "ServiceKit", "Attachments", "Journal", "Postgres", "Contracts", "Calendar", "Access", "Delivery",
        "Concurrency", "PersonalData", "Digests",
    ]
    private static var ours: Set<String> {
        Set(allowed.keys).union(["CRDKafka", "CLibPQ", "CCurl", "COpenSSL", "CListenerPort", "TestSupport"])
            .union(services.map { "\($0)Service" })
    }

    @Test func sharedModulesImportOnlyWhatLiesBelowThem() throws {
        for file in try SourceTree.files(below: "Shared") {
            let module = file.components[1]
            guard module != "TestSupport" else { continue }
            let allowed = try #require(Self.allowed[module], "no rule for Shared/\(module)")
            let wrong = Set(file.imports).intersection(Self.ours).subtracting(allowed)
            #expect(wrong.isEmpty, "\(file.path) imports \(wrong.sorted())")
        }
    }

    @Test func servicesDoNotKnowEachOther() throws {
        for service in Self.services {
            for file in try SourceTree.files(below: "Services/\(service)/\(service)Service") {
                let wrong = Set(file.imports).intersection(Self.ours).subtracting(Self.forServices)
                #expect(wrong.isEmpty, "\(file.path) imports \(wrong.sorted())")
            }
        }
    }

    @Test func executablesOnlyWire() throws {
        for service in Self.services {
            let all = try SourceTree.files(below: "Services/\(service)")
            let mains = all.filter { !$0.path.contains("/\(service)Service/") }
            #expect(mains.count == 1, "\(service) has \(mains.map(\.path))")
            for main in mains {
                let permitted: Set = ["ArgumentParser", "ServiceKit", "\(service)Service"]
                let wrong = Set(main.imports).subtracting(permitted)
                #expect(wrong.isEmpty, "\(main.path) imports \(wrong.sorted())")
                #expect(main.text.split(separator: "\n").count <= 40, "\(main.path) does more than wire")
            }
        }
    }

    @Test func rulesAreDecidedWithoutInputOrOutput() throws {
        let permitted: Set = ["Foundation", "Contracts", "Calendar", "Access"]
        for service in Self.services {
            for file in try SourceTree.files(below: "Services/\(service)/\(service)Service/Domain") {
                let wrong = Set(file.imports).subtracting(permitted)
                #expect(wrong.isEmpty, "\(file.path) imports \(wrong.sorted())")
            }
        }
    }

    @Test func onlyTheAPIFolderSpeaksHTTP() throws {
        for service in Self.services {
            for file in try SourceTree.files(below: "Services/\(service)/\(service)Service") {
                guard file.components.count > 3, file.components[3] != "API" else { continue }
                #expect(!file.imports.contains("Hummingbird"), "\(file.path) imports Hummingbird")
            }
        }
    }
}
