import Contracts
import Foundation
import Postgres
import TestSupport
import Testing

@testable import RegistryService

/// `registry export` and `registry import` are each other's inverse.
struct MasterRoundTripTests {
    private static func exported(_ client: ServiceClient) async throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for table in MasterTables.all {
            files[table.name] = try await client.pool.transaction { transaction in
                try await MasterExport.file(
                    table, MasterList(pool: client.pool, keys: client.runtime.personalDataKeys), transaction
                ).bytes
            }
        }
        return files
    }

    @Test func whatIsExportedImportsIntoAnEmptyRegisterAndExportsTheSame() async throws {
        let box = ExportBox()
        try await RegistryTest.run { client in
            let report = try await MasterFiles.importAll(client)
            #expect(report.files.flatMap(\.faults).map(\.chinese) == [])
            let files = try await Self.exported(client)
            for table in MasterTables.all { #expect((files[table.name]?.count ?? 0) > 100, "\(table.name)") }
            await box.set(files)
        }
        let first = await box.files
        try await RegistryTest.run { client in
            func path(_ name: String) throws -> String { try RegistryTest.file(first[name] ?? [], name: "\(name).csv") }
            let report = try await RegistryTest.importFiles(
                ImportFiles(
                    townships: try path("townships"), organs: try path("organs"), stations: try path("stations"),
                    roster: try path("roster"), licences: try path("licences"),
                    certificates: try path("certificates"), contracts: try path("contracts"),
                    terms: try path("terms"), mealDays: try path("meal-days"), cameras: try path("cameras"),
                    staff: try path("staff"), duties: try path("duties"), training: try path("training"),
                    attendance: try path("attendance")), client)
            #expect(report.files.flatMap(\.faults).map(\.chinese) == [])
            #expect(report.files.allSatisfy { $0.encoding == .utf8WithMark })
            let second = try await Self.exported(client)
            for table in MasterTables.all {
                #expect(
                    String(decoding: second[table.name] ?? [], as: UTF8.self)
                        == String(decoding: first[table.name] ?? [], as: UTF8.self), "\(table.name)")
            }
            // And once more into the same register: nothing is new.
            let size = try await RegistryTest.journalSize(client)
            let again = try await MasterFiles.importAll(client)
            #expect(again.files.map(\.added).allSatisfy { $0 == 0 })
            #expect(again.files.map(\.changed).allSatisfy { $0 == 0 })
            #expect(try await RegistryTest.journalSize(client) == size)
        }
    }

    private actor ExportBox {
        private(set) var files: [String: [UInt8]] = [:]
        func set(_ files: [String: [UInt8]]) { self.files = files }
    }

    /// No division, name or number of one city decides anything: the same rules hold for a city of other files.
    @Test func anotherCityIsLoadedFromFiles() async throws {
        try await RegistryTest.run { client in
            let organs = try RegistryTest.file([
                "机构名称,部门,级别,行政区划代码,上级机构", "示范市市场监督管理局,市场监管,市级,990100,",
                "甲县市场监督管理局,市场监管,县级,990122,示范市市场监督管理局", "甲县教育局,教育,县级,990122,示范市教育局",
                "示范市教育局,教育,市级,990100,",
            ])
            let line = MasterFiles.roster([
                ["行政区划代码": "990122", "镇街": "", "食品经营许可证编号": "JY39901220000012", "统一社会信用代码": MasterFiles.school],
                ["行政区划代码": "440703", "镇街": ""],
            ])
            let report = try await RegistryTest.importFiles(
                ImportFiles(organs: organs, roster: try RegistryTest.file(line)), client)
            #expect(report.files[0].faults.map(\.chinese) == [])
            #expect(report.files[1].faults.map { "\($0.line ?? 0) \($0.code.rawValue)" } == ["3 division_unknown"])
            #expect(report.files[1].added == 1)
        }
    }
}
