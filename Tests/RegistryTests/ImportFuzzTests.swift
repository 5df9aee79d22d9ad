import Contracts
import Foundation
import TestSupport
import Testing

@testable import RegistryService

/// Files as they should not be: whatever comes, every fault is named, nothing is half in, nothing crashes.
struct ImportFuzzTests {
    /// SplitMix64: the same mutations in every run.
    private struct Dice {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
        mutating func number(_ below: Int) -> Int { Int(next() % UInt64(max(1, below))) }
    }

    private static func mutated(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = bytes
        switch dice.number(7) {
        case 0: bytes.removeLast(dice.number(bytes.count))
        case 1: for _ in 0..<(1 + dice.number(20)) { bytes[dice.number(bytes.count)] = UInt8(dice.number(256)) }
        case 2:
            let start = dice.number(bytes.count)
            bytes.removeSubrange(start..<min(bytes.count, start + dice.number(400)))
        case 3: for _ in 0..<5 { bytes.insert(0x22, at: dice.number(bytes.count)) }
        case 4:
            let start = dice.number(bytes.count)
            bytes.insert(contentsOf: bytes[start..<min(bytes.count, start + 900)], at: dice.number(bytes.count))
        case 5: for _ in 0..<10 { bytes.insert(0x0a, at: dice.number(bytes.count)) }
        default: for _ in 0..<10 { bytes.insert(0x2c, at: dice.number(bytes.count)) }
        }
        return bytes
    }

    @Test(arguments: ["roster-sample.csv", "cameras-sample.csv"])
    func mutatedFilesAreReportedLineByLineAndNeverHalfIn(_ name: String) async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            if name.hasPrefix("cameras") {
                try await RegistryTest.importFiles(
                    ImportFiles(roster: RegistryTest.demoFile("roster-sample.csv")), client)
            }
            let original = [UInt8](try Data(contentsOf: RegistryTest.demo.appendingPathComponent(name)))
            var dice = Dice(state: 2026)
            var refused = 0
            for round in 0..<40 {
                let bytes = Self.mutated(original, &dice)
                let path = try RegistryTest.file(bytes, name: "round-\(round).csv")
                let files = name.hasPrefix("roster") ? ImportFiles(roster: path) : ImportFiles(cameras: path)
                let report = try await RegistryTest.importFiles(files, client)
                let file = report.files[0]
                refused += file.refusedLines
                for fault in file.faults {
                    #expect(!fault.message.isEmpty, "\(round)")
                    #expect(fault.value.count <= ImportFault.maximumValue + 1, "\(round)")
                }
                #expect(file.faults.count >= file.refusedLines, "\(round)")
                #expect(Set(file.faults.compactMap(\.line)).count == file.refusedLines || file.lines == 0, "\(round)")
            }
            #expect(refused > 40)
            // Every record has its event and every event its record: a line is in whole or not at all.
            let counts = try await RegistryTest.eventCounts(client)
            for (table, type) in [("canteen", CanteenRegistered.type), ("camera", CameraRegistered.type)] {
                let rows = try await client.pool.first("SELECT count(*) AS n FROM \(identifier: table)") {
                    row -> Int in try row["n"]
                }
                #expect(rows == counts[type] ?? 0, "\(table)")
            }
            let faulty = try await client.pool.first(
                "SELECT count(*) AS n FROM canteen c WHERE NOT EXISTS (SELECT FROM licence l WHERE l.canteen_id = c.id)"
            ) { row -> Int in try row["n"] }
            #expect(faulty == 0)
        }
    }

    private func codes(_ bytes: [UInt8], _ client: ServiceClient) async throws -> (codes: [String], added: Int) {
        let path = try RegistryTest.file(bytes)
        let report = try await RegistryTest.importFiles(ImportFiles(roster: path), client)
        return (report.files[0].faults.map { "\($0.line ?? 0) \($0.code.rawValue)" }, report.files[0].added)
    }

    @Test func filesInTheWrongShapeAreRefusedWhole() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            let text = MasterFiles.roster([[:]]).joined(separator: "\n")
            let size = try await RegistryTest.journalSize(client)
            let utf16 = Array(try #require(text.data(using: .utf16)))
            #expect(try await codes(utf16, client).codes == ["0 encoding_unknown"])
            #expect(try await codes([], client).codes == ["0 header_missing"])
            #expect(try await codes(Array("\u{0}\u{0}\u{0}".utf8), client).codes.count == 1)
            let missing = text.replacing("食品经营许可证编号,", with: "")
            #expect(try await codes(Array(missing.utf8), client).codes.contains("1 column_missing"))
            let twice = text.replacing("学校类型", with: "学校名称")
            let repeated = try await codes(Array(twice.utf8), client).codes
            #expect(repeated.contains("1 column_repeated") && repeated.contains("1 column_missing"))
            let unknown = text.replacing("学校名称", with: "校名")
            #expect(try await codes(Array(unknown.utf8), client).codes.contains("1 column_unknown"))
            #expect(try await RegistryTest.journalSize(client) == size)
        }
    }

    @Test func aFaultyLineHoldsUpNoOther() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            let good = MasterFiles.roster([[:]])
            let other = MasterFiles.roster([["食堂名称": "第二食堂", "食品经营许可证编号": MasterFiles.branchLicence]])[1]
            // A line of ten megabytes, with and without a quote that never closes.
            let long = String(repeating: "长", count: 3_500_000)
            let first = try await codes(Array([good[0], good[1], long, other].joined(separator: "\n").utf8), client)
            #expect(first.codes == ["3 line_too_long"] && first.added == 2)
            let quoted = try await codes(
                Array([good[0], "\"" + long, good[1]].joined(separator: "\n").utf8), client)
            #expect(quoted.codes.count == 1 && quoted.codes[0].hasPrefix("2 ") && quoted.added == 0, "\(quoted.codes)")
            let open = try await codes(Array([good[0], "\"没有闭合,1", good[1]].joined(separator: "\n").utf8), client)
            #expect(open.codes.count == 1 && open.codes[0].hasPrefix("2 quote_"))
            // Columns of a line in the wrong order: every cell that does not fit is named, not only the first.
            var cells = good[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            cells.swapAt(1, 4)
            cells.swapAt(8, 9)
            let mixed = try await codes(
                Array([good[0], cells.joined(separator: ",")].joined(separator: "\n").utf8), client)
            for code in ["school_type_unknown", "uscc_format", "licence_format", "date_format"] {
                #expect(mixed.codes.contains("2 \(code)"), "\(code)")
            }
            // White space around a cell does not matter, full-width digits do.
            let spaced = good[1].replacing("蓬江区示例小学", with: " \u{3000}蓬江区示例小学 ")
            let space = try await codes(Array([good[0], spaced].joined(separator: "\n").utf8), client)
            #expect(space.codes.isEmpty && space.added == 0)
            let wide = good[1].replacing(",600,", with: ",６００,")
            #expect(
                try await codes(Array([good[0], wide].joined(separator: "\n").utf8), client).codes == ["2 number_range"]
            )
            // Cut in the middle of a character.
            let cut = Array(Array([good[0], other].joined(separator: "\n").utf8).dropLast(61))
            let broken = try await codes(cut, client)
            #expect(broken.codes.count == 1 && broken.codes[0].hasPrefix("2 ") && broken.added == 0)
        }
    }

    @Test(arguments: ["=1+1", "+86", "-1", "@cmd", "\tx", "\r=1"])
    func aFormulaIsNeverWrittenAsOne(_ cell: String) {
        var writer = CSVWriter()
        writer.write([cell, "无"])
        let text = String(decoding: writer.bytes.dropFirst(3), as: UTF8.self)
        #expect(text.hasPrefix("'") || text.hasPrefix("\"'"))
    }
}
