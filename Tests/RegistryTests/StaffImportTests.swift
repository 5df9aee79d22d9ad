import Contracts
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

struct StaffImportTests {
    private static let header = "姓名,登录名,角色,机构,学校"

    private func staff(_ lines: [String], _ client: ServiceClient, header: String = header) async throws -> FileReport {
        try await RegistryTest.importFiles(ImportFiles(staff: try RegistryTest.file([header] + lines)), client).files[0]
    }

    @Test func theDemoStaffGoesInOnceAndPasswordsGoToAPrivateFile() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let size = try await RegistryTest.journalSize(client)
            let passwords = InitialPasswords(hasher: RegistryTest.quickHasher)
            let files = ImportFiles(staff: RegistryTest.demoFile("staff.csv"))
            let report = try await RegistryTest.importFiles(files, client, passwords: passwords)
            #expect(report.isComplete, "\(report.files[0].faults.map(\.chinese))")
            #expect(report.files[0].added == 21)
            #expect(try await RegistryTest.eventCounts(client)[StaffAppointed.type] == 21)

            let path = FileManager.default.temporaryDirectory.appendingPathComponent("bk-\(UUID().uuidString)").path
            try passwords.write(to: path)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 21)
            #expect(Set(lines.map { $0.split(separator: "\t")[1] }).count == 21)

            // Neither a name nor a login nor a password is in the journal.
            let journal = try await client.pool.query("SELECT convert_from(data, 'UTF8') AS text FROM journal") {
                row -> String in try row["text"]
            }
            #expect(!journal.contains { $0.contains("示例校长") || $0.contains("yayao.principal") })

            let after = try await RegistryTest.journalSize(client)
            #expect(after == size + 21)
            let again = InitialPasswords(hasher: RegistryTest.quickHasher)
            let second = try await RegistryTest.importFiles(files, client, passwords: again)
            #expect(second.files[0].unchanged == 21)
            #expect(again.isEmpty)
            #expect(try await RegistryTest.journalSize(client) == after)
        }
    }

    @Test func roleAndPlaceMustFit() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let report = try await staff(
                [
                    "甲,aaa.a,厨师,,", "乙,bbb.b,市级监管人员,,", "丙,ccc.c,市级监管人员,鹤山市市场监督管理局,", "丁,ddd.d,教育部门人员,鹤山市人力资源和社会保障局,",
                    "戊,eee.e,校长,,", "己,fff.f,校长,,没有这所学校", "庚,ggg.g,校长,,914407039000000067",
                    "辛,hhh.h,供餐单位,,鹤山市雅瑶镇示例初级中学",
                    "壬,iii.i,系统管理员,鹤山市市场监督管理局,", "癸,X,校长,,鹤山市雅瑶镇示例初级中学", "子,jjj.j,县级监管人员,无此局,",
                    "丑,kkk.k,校长,鹤山市市场监督管理局,鹤山市雅瑶镇示例初级中学",
                ], client)
            #expect(
                report.faults.map { "\($0.line ?? 0) \($0.code.rawValue)" } == [
                    "2 role_unknown", "3 role_scope", "4 role_scope", "5 role_scope", "6 role_scope",
                    "7 school_unknown",
                    "8 school_unknown", "9 school_unknown", "10 role_scope", "11 login_format", "12 organ_unknown",
                    "13 role_scope",
                ])
            #expect(try await RegistryTest.eventCounts(client)[StaffAppointed.type] == nil)
        }
    }

    @Test func aMovedOfficerIsDismissedAndAppointed() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            _ = try await staff(["甲,moving.one,县级监管人员,鹤山市市场监督管理局,"], client)
            let moved = try await staff(["甲,moving.one,县级监管人员,开平市市场监督管理局,"], client)
            #expect(moved.changed == 1)
            let counts = try await RegistryTest.eventCounts(client)
            #expect(counts[StaffDismissed.type] == 1)
            #expect(counts[StaffAppointed.type] == 2)
            let taken = try await staff(["乙,moving.one,县级监管人员,开平市市场监督管理局,"], client)
            #expect(taken.faults.map(\.code) == [.loginTaken])
        }
    }
}
