/// A column that holds `SealedText`. The list of a service drives the sealing of old rows and the rotation of keys.
public struct SealedColumn: Sendable {
    /// A column beside it with the keyed hash of the same value.
    public struct Lookup: Sendable {
        public let column: String
        public let domain: String

        public init(column: String, domain: String) {
            self.column = column
            self.domain = domain
        }
    }

    public let table: String
    /// Text primary key.
    public let key: String
    public let column: String
    public let lookup: Lookup?

    public init(_ table: String, key: String, column: String, lookup: Lookup? = nil) {
        self.table = table
        self.key = key
        self.column = column
        self.lookup = lookup
    }
}
