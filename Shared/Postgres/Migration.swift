import Crypto
import Foundation

/// One step of a schema's history. Never changed after it was released.
public struct Migration: Sendable {
    /// Unique in its schema, e.g. `V001_init`.
    public let name: String
    /// One or more statements. Runs in a transaction, `search_path` set to the schema.
    public let sql: String

    public init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    /// From a file embedded with `.embedInCode`.
    public init(name: String, bytes: [UInt8]) {
        self.init(name: name, sql: String(decoding: bytes, as: UTF8.self))
    }

    /// Lower-case hex digest of the text.
    public var sha256: String {
        SHA256.hash(data: Data(sql.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
