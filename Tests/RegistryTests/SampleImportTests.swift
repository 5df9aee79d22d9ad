import Contracts
import Foundation
import TestSupport
import Testing

@testable import RegistryService

/// The sample rosters as the bureau exports them: what goes in, what is refused and why (shared data README).
struct SampleImportTests {
    private func faults(_ report: ImportReport, _ kind: String) -> [String] {
        report.files.first { $0.kind == kind }?.faults.map { "\($0.line ?? 0) \($0.code.rawValue)" } ?? []
    }

    @Test func theDemoFilesAreTheSamples() throws {
        let shared = RegistryTest.demo.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("shared/data")
        guard FileManager.default.fileExists(atPath: shared.path) else { return }
        for name in ["roster-sample.csv", "cameras-sample.csv"] {
            #expect(
                try Data(contentsOf: RegistryTest.demo.appendingPathComponent(name))
                    == Data(contentsOf: shared.appendingPathComponent(name)))
        }
    }

    @Test func everyFaultyLineIsRefusedAndEveryOtherGoesIn() async throws {
        try await RegistryTest.run { client in
            var files = RegistryTest.organsAndStations
            files.roster = RegistryTest.demoFile("roster-sample.csv")
            files.cameras = RegistryTest.demoFile("cameras-sample.csv")
            let report = try await RegistryTest.importFiles(files, client)
            #expect(report.files.map(\.kind) == ["organs", "stations", "roster", "cameras"])
            #expect(report.files.map(\.encoding) == [.utf8, .utf8, .gb18030, .gb18030])
            #expect(faults(report, "organs") == [])
            #expect(faults(report, "stations") == [])
            #expect(
                faults(report, "roster") == [
                    "11 licence_check_digit", "16 division_unknown", "16 licence_division_mismatch", "19 date_order",
                    "44 duplicate_line",
                ])
            let unknown = (Array(23...27) + Array(44...49) + Array(60...65)).map { "\($0) canteen_unknown" }
            #expect(faults(report, "cameras") == ["5 gb_id_taken", "10 zone_forbidden"] + unknown)
            let roster = try #require(report.files.first { $0.kind == "roster" })
            #expect(roster.added == 39)
            #expect(roster.refusedLines == 4)
            let cameras = try #require(report.files.first { $0.kind == "cameras" })
            #expect(cameras.added == 151 - 19)
            #expect(!report.isComplete)
            for fault in report.files.flatMap(\.faults) {
                #expect(!fault.message.isEmpty && !fault.allowed.isEmpty && fault.column != nil, "\(fault)")
            }
            let counts = try await RegistryTest.eventCounts(client)
            #expect(counts[OrganRegistered.type] == 24 + 69)
            #expect(counts[CanteenRegistered.type] == 39)
            #expect(counts[CameraRegistered.type] == 132)
            #expect(counts[LicenceIssued.type] == 39)
            #expect(counts.count == 4)
        }
    }

    @Test func theFaultNamesFileLineColumnValueAndWhatIsAllowed() async throws {
        try await RegistryTest.run { client in
            var files = RegistryTest.organsAndStations
            files.roster = RegistryTest.demoFile("roster-sample.csv")
            let report = try await RegistryTest.importFiles(files, client)
            let fault = try #require(report.files.last?.faults.first)
            #expect(fault.file == "roster-sample.csv")
            #expect(fault.line == 11)
            #expect(fault.column == "食品经营许可证编号")
            #expect(fault.value == "JY34407830001032")
            #expect(fault.code == .licenceCheckDigit)
            #expect(fault.allowed.contains("校验码是 9"))
            #expect(
                fault.chinese.hasPrefix("roster-sample.csv 第 11 行「食品经营许可证编号」：许可证编号校验位错误（填的是“JY34407830001032”）"))
            let division = try #require(report.files.last?.faults.first { $0.code == .divisionUnknown })
            #expect(division.allowed.contains("440784（鹤山市市场监督管理局）"))
            let duplicate = try #require(report.files.last?.faults.last)
            #expect(duplicate.allowed.contains("第 7 行"))
        }
    }

    @Test func aSecondRunChangesNothing() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let size = try await RegistryTest.journalSize(client)
            var files = RegistryTest.organsAndStations
            files.roster = RegistryTest.demoFile("roster-sample.csv")
            files.cameras = RegistryTest.demoFile("cameras-sample.csv")
            let again = try await RegistryTest.importFiles(files, client)
            #expect(again.files.map(\.added) == [0, 0, 0, 0])
            #expect(again.files.map(\.changed) == [0, 0, 0, 0])
            #expect(again.files.map(\.unchanged) == [24, 69, 39, 132])
            #expect(try await RegistryTest.journalSize(client) == size)
        }
    }

    @Test func theCorrectedFilesCompleteTheFirstRun() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let report = try await RegistryTest.importFiles(
                ImportFiles(
                    roster: RegistryTest.demoFile("roster-corrected.csv"),
                    cameras: RegistryTest.demoFile("cameras-corrected.csv")), client)
            #expect(report.isComplete)
            #expect(report.files.map(\.encoding) == [.utf8WithMark, .gb18030])
            #expect(report.files.map(\.added) == [3, 19])
            #expect(report.files.map(\.changed) == [0, 0])
            #expect(report.files.map(\.unchanged) == [39, 132])
            let counts = try await RegistryTest.eventCounts(client)
            #expect(counts[CanteenRegistered.type] == 42)
            #expect(counts[CameraRegistered.type] == 151)
            #expect(counts[CanteenChanged.type] == nil)
        }
    }

    @Test func jurisdictionIsWorkedOut() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            func organ(_ name: String) async throws -> OrganID { try await RegistryTest.organ(name, client).id }
            let ordinary = try await RegistryTest.canteen(licence: "JY34407840001018", client)
            #expect(ordinary.assignment.station == (try await organ("鹤山市市场监督管理局沙坪监管所")))
            #expect(ordinary.assignment.county == (try await organ("鹤山市市场监督管理局")))
            #expect(ordinary.assignment.city == (try await organ("江门市市场监督管理局")))
            #expect(ordinary.assignment.supervising == (try await organ("鹤山市教育局")))
            #expect(ordinary.operating)
            let cityDirect = try await RegistryTest.canteen(licence: "JY34407840001026", client)
            #expect(cityDirect.assignment.station == ordinary.assignment.station)
            #expect(cityDirect.assignment.supervising == (try await organ("江门市教育局")))
            let technical = try await RegistryTest.canteen(licence: "JY34407840001034", client)
            #expect(technical.institution.department == .humanResources)
            #expect(technical.assignment.supervising == (try await organ("鹤山市人力资源和社会保障局")))
            let caterer = try await RegistryTest.canteen(licence: "JY24407030009004", client)
            #expect(caterer.institution.isCaterer)
            #expect(caterer.assignment.station == nil)
            #expect(caterer.assignment.supervising == caterer.assignment.county)
            let expired = try await RegistryTest.canteen(licence: "JY34407840001083", client)
            #expect(!expired.operating)
            #expect(expired.assignment.station == ordinary.assignment.station)
        }
    }

    /// The same roster in each encoding gives the same register.
    @Test(arguments: [TextEncoding.utf8, .utf8WithMark, .gb18030])
    func encodings(_ encoding: TextEncoding) async throws {
        try await RegistryTest.run { client in
            let original = [UInt8](try Data(contentsOf: RegistryTest.demo.appendingPathComponent("roster-sample.csv")))
            let decoder = try #require(RecordDecoder(.gb18030))
            let text = try #require(decoder.decode(original))
            let bytes: [UInt8] =
                switch encoding {
                case .utf8: Array(text.utf8)
                case .utf8WithMark: TextEncoding.mark + Array(text.utf8)
                case .gb18030: original
                }
            var files = RegistryTest.organsAndStations
            files.roster = try RegistryTest.file(bytes)
            let report = try await RegistryTest.importFiles(files, client)
            #expect(report.files.last?.encoding == encoding)
            #expect(report.files.last?.added == 39)
            #expect(
                try await RegistryTest.canteen(licence: "JY34407840001018", client).institution.name == "鹤山市雅瑶镇示例初级中学")
        }
    }
}
