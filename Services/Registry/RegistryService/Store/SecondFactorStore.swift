import Access
import Calendar
import Contracts
import PersonalData
import Postgres

/// TOTP secrets (sealed) and recovery codes (keyed hashes).
struct SecondFactorStore: Sendable {
    static let column = SealedColumn("second_factor", key: "person_id", column: "secret")

    let keys: PersonalDataKeys

    private func place(_ person: PersonID) -> SealedPlace {
        SealedPlace(Self.column.table, Self.column.column, row: person.rawValue)
    }

    private func hash(_ code: String, _ person: PersonID) -> [UInt8] {
        keys.lookupHash("\(person.rawValue):\(code)", domain: "recovery-code")
    }

    static func isEnrolled(_ person: PersonID, _ executor: some PostgresExecutor) async throws -> Bool {
        try await executor.first("SELECT 1 AS one FROM second_factor WHERE person_id = \(person)") { _ in true }
            ?? false
    }

    /// A new secret and ten new recovery codes, which are returned and never again readable.
    func enrol(
        _ otp: OneTimePassword, of person: PersonID, usedStep: Int64, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> [String] {
        let sealed = try keys.seal(otp.base32, at: place(person))
        try await transaction.execute(
            """
            INSERT INTO second_factor (person_id, secret, last_step, enrolled_at)
            VALUES (\(person), \(sealed), \(usedStep), \(now))
            ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret, last_step = excluded.last_step,
                enrolled_at = excluded.enrolled_at
            """)
        return try await newRecoveryCodes(of: person, transaction)
    }

    func newRecoveryCodes(of person: PersonID, _ transaction: PostgresTransaction) async throws -> [String] {
        let codes = (0..<RecoveryCode.count).map { _ in RecoveryCode.new() }
        try await transaction.execute("DELETE FROM recovery_code WHERE person_id = \(person)")
        for code in codes {
            let plain = RecoveryCode.normalised(code) ?? code
            try await transaction.execute(
                "INSERT INTO recovery_code (person_id, code_hash) VALUES (\(person), \(hash(plain, person)))")
        }
        return codes
    }

    static func remove(of person: PersonID, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute("DELETE FROM recovery_code WHERE person_id = \(person)")
        try await transaction.execute("DELETE FROM second_factor WHERE person_id = \(person)")
    }

    /// Uses up a code of the app or a recovery code. Two requests with the same code: one gets true.
    func use(
        _ text: String, of person: PersonID, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Bool {
        if let code = RecoveryCode.normalised(text) {
            return try await transaction.execute(
                """
                UPDATE recovery_code SET used_at = \(now)
                WHERE person_id = \(person) AND code_hash = \(hash(code, person)) AND used_at IS NULL
                """) == 1
        }
        let stored = try await transaction.first(
            "SELECT secret, last_step FROM second_factor WHERE person_id = \(person) FOR UPDATE"
        ) { row -> (secret: String, last: Int64) in (try row["secret"], try row["last_step"]) }
        guard let stored, let sealed = SealedText(rawValue: stored.secret),
            let otp = OneTimePassword(base32: try keys.open(sealed, at: place(person))),
            let step = otp.acceptedStep(text.filter { !$0.isWhitespace }, at: now, after: stored.last)
        else { return false }
        try await transaction.execute("UPDATE second_factor SET last_step = \(step) WHERE person_id = \(person)")
        return true
    }

    static func unusedRecoveryCodes(_ person: PersonID, _ executor: some PostgresExecutor) async throws -> Int {
        try await executor.first(
            "SELECT count(*) AS n FROM recovery_code WHERE person_id = \(person) AND used_at IS NULL"
        ) { row -> Int in try row["n"] } ?? 0
    }
}
