/// One column of one row, as it lies in libpq's memory. Valid only while its row is being decoded.
public struct Cell {
    let column: String
    /// Type number.
    let type: UInt32
    /// Binary form; nil = NULL.
    let bytes: UnsafeRawBufferPointer?

    func mismatch(_ wanted: String) -> PostgresError {
        let found = bytes == nil ? "NULL" : "type \(type)"
        return PostgresError(
            code: PostgresError.decoding, message: "column \(column) is \(found), not \(wanted)", column: column)
    }
}
