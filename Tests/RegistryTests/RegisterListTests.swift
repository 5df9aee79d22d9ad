import Access
import Calendar
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

/// Lists for programs and spreadsheets: cursor, total, unknown parameters, files.
struct RegisterListTests {
    private struct Canteens: Decodable {
        struct Item: Decodable { let canteenId: String }
        let items: [Item]
        let page: Int?
        let total: Int
        let next: String?
    }

    private struct Total: Decodable { let total: Int }

    private static let lists = [
        "canteens", "cameras", "faults", "incidents", "outages", "recordings", "access", "caterers", "coverage", "gaps",
    ]

    @Test func aCursorTellsEveryCanteenOnceAlthoughOthersAreRenamedMeanwhile() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let city = try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", client)
            var ids: [String] = []
            var next: String? = ""
            while let cursor = next {
                let query = cursor.isEmpty ? "per_page=7" : "per_page=7&after=\(cursor)"
                let page = try await client.get("/registry/v1/canteens?\(query)", as: city).json(Canteens.self)
                #expect(page.total == 39)
                #expect((page.page == nil) == !cursor.isEmpty)
                ids += page.items.map(\.canteenId)
                next = page.next
                // Somebody who was told already moves: nobody else is told twice or passed over.
                if let first = page.items.first {
                    try await client.pool.execute(
                        "UPDATE canteen SET diners = diners + 1 WHERE id = \(first.canteenId)")
                }
            }
            #expect(ids.count == 39 && Set(ids).count == 39)
        }
    }

    @Test func whatAListDoesNotKnowItRefusesByName() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let city = try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", client)
            for list in Self.lists {
                for path in ["/registry/v1/\(list)", "/registry/v1/\(list)/export.csv"] {
                    let unknown = try await client.get("\(path)?sate=open", as: city)
                    #expect(unknown.status == .badRequest && unknown.problemCode == "unknown_parameter", "\(path)")
                    #expect(unknown.text.contains("\"sate\""), "\(path)")
                }
                let cursor = try await client.get("/registry/v1/\(list)?after=WyJhIl0", as: city)
                #expect(cursor.status == .unprocessableContent, "\(list): a cursor of another list")
                #expect(try await client.get("/registry/v1/\(list)?after=%21", as: city).problemCode == "not_a_cursor")
                #expect(try await client.get("/registry/v1/\(list)?per_page=0", as: city).problemCode == "not_in_range")
                #expect(try await client.get("/registry/v1/\(list)", as: city).json(Total.self).total >= 0)
            }
            let long = String(repeating: "a", count: 101)
            for query in ["q=\(long)", "division=44078", "division=江门"] {
                let text = query.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? ""
                #expect(
                    try await client.get("/registry/v1/canteens?\(text)", as: city).status == .unprocessableContent,
                    "\(query)")
            }
            for query in ["status=broken", "gb_id=123", "canteen_id=%20/"] {
                #expect(
                    try await client.get("/registry/v1/cameras?\(query)", as: city).status == .unprocessableContent,
                    "\(query)")
            }
            // Date bounds of a cursor are typed: text where a time belongs is the caller's fault, not ours.
            let forged = try ListCursor.text(["not a time", "x"])
            let answer = try await client.get("/registry/v1/faults?after=\(forged)", as: city)
            #expect(answer.status == .unprocessableContent)
        }
    }

    @Test func everyListIsAFileOfTheSameRowsAndItsTakingIsInTheLog() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let city = try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", client)
            for list in Self.lists {
                let total = try await client.get("/registry/v1/\(list)", as: city).json(Total.self).total
                let file = try await client.get("/registry/v1/\(list)/export.csv", as: city)
                #expect(file.status == .ok, "\(list)")
                #expect(file.headers[.contentDisposition] == "attachment; filename=\"\(list).csv\"")
                #expect(Self.lines(file).count == total + 1, "\(list)")
                #expect(!file.text.contains("⟦"), "\(list)")
            }
            let training = try await client.get("/registry/v1/training/coverage/export.csv?by=layer", as: city)
            #expect(training.status == .ok && !training.text.contains("⟦"))
            #expect(
                try await RegistryTest.eventCounts(client)["brightkitchen.registry.export.made.v1"]
                    == Self.lists.count + 1)
            let camera = try await RegistryTest.camera(gbId: "44078400111327000001", client)
            let school = Principal(personId: .new(), role: .principal, schoolId: camera.schoolId)
            let own = try await client.get("/registry/v1/cameras/export.csv", as: school)
            let cameras = try await client.get("/registry/v1/cameras", as: school).json(Total.self).total
            #expect(Self.lines(own).count == cameras + 1 && own.text.contains(camera.gbId))
            let program = try await client.get(
                "/registry/v1/canteens/export.csv", as: city, headers: [.acceptLanguage: "en"])
            #expect(Self.lines(program).first?.hasPrefix("Division") == true)
        }
    }

    @Test func aCellThatASpreadsheetWouldRunIsText() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", client)
            let camera = try await RegistryTest.camera(gbId: "44078400111327000001", client)
            struct Outage: Encodable {
                let canteenId: String
                let fromAt: Instant
                let toAt: Instant
                let reason: String
            }
            let from = client.clock.now() + .seconds(3600)
            let entered = try await client.post(
                "/registry/v1/outages", as: county,
                json: Outage(
                    canteenId: camera.canteenId.rawValue, fromAt: from, toAt: from + .seconds(3600),
                    reason: "=HYPERLINK(\"http://x.example\",\"a\")"))
            #expect(entered.status == .created || entered.status == .ok, "\(entered.text)")
            let file = try await client.get("/registry/v1/outages/export.csv?state=approved", as: county)
            #expect(file.text.contains("\"'=HYPERLINK(\"\"http://x.example\"\",\"\"a\"\")\""))
        }
    }

    @Test func daysAndGapsOfRecordingsAreListedOverTheWholeArea() async throws {
        try await TelemetryTest.run { test in
            let client = test.client
            let city = try await RegistryTest.officer(.cityRegulator, "江门市市场监督管理局", client)
            let day = LocalDate(test.now).adding(days: -1)
            let start = day.start.microseconds / 1000
            let gaps = [start + 3_600_000, start + 3_690_500, start + 7_200_000, start + 10_800_000]
            let camera = test.cameras[0]
            for (camera, gaps) in [(camera, gaps), (test.cameras[1], [])] {
                try await client.pool.execute(
                    """
                    INSERT INTO camera_day_coverage (camera_id, day, recorded_ms, operating_ms, gaps, state, computed_at)
                    VALUES (\(camera.id), \(day), 82709500, 86400000, \(gaps), 'met', \(test.now))
                    """)
            }
            struct Gaps: Decodable {
                struct Gap: Decodable {
                    let cameraId: String
                    let from: Instant
                    let to: Instant
                }
                let items: [Gap]
                let total: Int
                let next: String?
            }
            let first = try await client.get("/registry/v1/gaps?per_page=1", as: city).json(Gaps.self)
            #expect(first.total == 2 && first.items.map(\.from) == [day.start + .seconds(3600)])
            let cursor = try #require(first.next)
            let second = try await client.get("/registry/v1/gaps?per_page=1&after=\(cursor)", as: city).json(Gaps.self)
            #expect(second.items.map(\.to) == [day.start + .seconds(10_800)] && second.next == nil)
            #expect(first.items.first?.cameraId == camera.id.rawValue)
            let file = try await client.get("/registry/v1/gaps/export.csv", as: city)
            #expect(file.text.contains("90.500") && Self.lines(file).count == 3)
            let days = try await client.get("/registry/v1/coverage?state=met", as: city).json(Total.self)
            #expect(days.total == 2)
            #expect(try await client.get("/registry/v1/coverage?state=short", as: city).json(Total.self).total == 0)
            let table = try await client.get("/registry/v1/coverage/export.csv", as: city)
            #expect(table.text.contains("82709.500") && table.text.contains("3600.000"))
            let long = try await client.get("/registry/v1/coverage?from=2026-01-01", as: city)
            #expect(long.problemCode == "not_in_range")
            #expect(try await client.get("/registry/v1/gaps?from=heute", as: city).problemCode == "not_a_date")
            let other = Principal(personId: .new(), role: .principal, schoolId: .new())
            #expect(try await client.get("/registry/v1/gaps", as: other).json(Gaps.self).total == 0)
        }
    }

    private static func lines(_ response: TestResponse) -> [Substring] {
        response.text.replacing("\u{feff}", with: "").split(separator: "\r\n")
    }
}
