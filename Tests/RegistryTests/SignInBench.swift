import Access
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

/// The city with two officers whose password and authenticator are known, `heshan.one` and `city.edu`, and the three
/// administrators.
enum SignInBench {
    static let password = "correct horse battery"
    static let otp = OneTimePassword(secret: Array("12345678901234567890".utf8))
    static let logins = ["heshan.one", "city.edu", "sec.one", "sec.two", "sys.one", "audit.one"]

    static func withOfficers(_ body: @Sendable @escaping (ServiceClient) async throws -> Void) async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
            let path = try RegistryTest.file([
                "姓名,登录名,角色,机构,学校,任职日期,离任日期", "甲,heshan.one,县级监管人员,鹤山市市场监督管理局,,2026-01-01,2026-12-31",
                "乙,city.edu,教育部门人员,江门市教育局,,,", "丙,sec.one,安全管理员,,,,", "丁,sec.two,安全管理员,,,,",
                "戊,sys.one,系统管理员,,,,", "己,audit.one,审计管理员,,,,",
            ])
            try await RegistryTest.importFiles(ImportFiles(staff: path), client)
            let hash = try await RegistryTest.quickHasher.hash(password)
            for login in logins {
                let person = try await person(login, client)
                let now = client.clock.now()
                try await client.pool.transaction {
                    try await AccountStore.savePassword(hash, of: person, at: now, $0)
                    _ = try await SecondFactorStore(keys: client.runtime.personalDataKeys).enrol(
                        otp, of: person, usedStep: 0, now: now, $0)
                }
            }
            try await body(client)
        }
    }

    static func person(_ login: String, _ client: ServiceClient) async throws -> PersonID {
        try #require(try await AccountStore.account(login: login, client.pool)).appointment.personId
    }

    static func principal(_ login: String, _ client: ServiceClient) async throws -> Principal {
        let person = try await person(login, client)
        let facts = try #require(try await AccountStore.principalFacts(person, client.pool))
        return Principal(
            personId: person, role: facts.appointment.role, organId: facts.organ?.id, organLevel: facts.organ?.level,
            department: facts.organ?.department, divisionCode: facts.organ?.divisionCode)
    }

    static func cookies(_ response: TestResponse) -> [String: String] {
        var found: [String: String] = [:]
        for header in response.headers[values: .setCookie] {
            let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            found[String(pair[0])] = pair.count > 1 ? String(pair[1]) : ""
        }
        return found
    }

    /// A code that was not used yet: three sign-ins fit into one moment.
    static func nextCode(_ client: ServiceClient, _ login: String) async throws -> String {
        let last = try await client.pool.first(
            "SELECT last_step FROM second_factor JOIN person_identity USING (person_id) WHERE login = \(login)"
        ) { row -> Int64 in try row["last_step"] }
        let now = OneTimePassword.step(at: client.clock.now())
        return otp.code(step: max(now - 1, (last ?? 0) + 1))
    }

    /// Password, and the code where one is asked for.
    static func signIn(
        _ client: ServiceClient, login: String = "heshan.one", password: String = password, back: String = "",
        cookies brought: [String: String] = [:]
    ) async throws -> TestResponse {
        let first = try await client.submit(
            "/registry/login", cookies: brought, [("login", login), ("password", password), ("return", back)])
        guard first.headers[.location] == "/registry/login/code" else { return first }
        return try await client.submit(
            "/registry/login/code", cookies: cookies(first).merging(brought) { own, _ in own },
            [("code", try await nextCode(client, login))])
    }
}
