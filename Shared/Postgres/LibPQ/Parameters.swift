/// The bound values of one statement, laid out for libpq. Reused from statement to statement.
struct Parameters {
    private var bytes: [UInt8] = []
    /// Start of each value in `bytes`; −1 = NULL.
    private var offsets: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    mutating func fill(_ values: [BoundValue]) throws {
        bytes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        for value in values {
            let start = bytes.count
            switch value.form {
            case .null:
                add(offset: -1, length: 0, format: 0)
            case .text(let text):
                bytes.append(contentsOf: text.utf8)
                // A NUL cannot be stored in text; libpq would cut the value there.
                guard !bytes[start...].contains(0) else {
                    throw PostgresError(code: "22021", message: "text contains a NUL character")
                }
                bytes.append(UInt8(0))
                add(offset: start, length: bytes.count - start - 1, format: 0)
            case .integer(let number):
                bytes.appendBigEndian(number)
                add(offset: start, length: 8, format: 1)
            case .bytes(let content):
                bytes.append(contentsOf: content)
                add(offset: start, length: content.count, format: 1)
            case .invalid(let reason):
                throw PostgresError(code: "22023", message: reason)
            }
        }
        // Keeps the storage non-empty, so that an empty last value still has an address.
        bytes.append(UInt8(0))
    }

    private mutating func add(offset: Int, length: Int, format: Int32) {
        offsets.append(offset)
        lengths.append(Int32(length))
        formats.append(format)
    }

    func withPointers<R>(
        _ body: (_ count: Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) ->
            R
    ) -> R {
        bytes.withUnsafeBytes { storage in
            let pointers = offsets.map { offset -> UnsafePointer<CChar>? in
                offset < 0 ? nil : storage.baseAddress?.advanced(by: offset).assumingMemoryBound(to: CChar.self)
            }
            return pointers.withUnsafeBufferPointer { values in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(Int32(values.count), values.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
