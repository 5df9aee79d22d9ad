import Calendar

/// One row of a journal. Its leaf bytes are what the Merkle tree is built over; `docs/ledger.md` gives the format.
public struct JournalEntry: Hashable, Sendable {
    /// Where a published entry goes. Log-only entries have none.
    public struct Stream: Hashable, Sendable {
        public var topic: String
        public var partitionKey: String
        /// 1, 2, 3 … without gaps in this stream.
        public var sequence: Int64
    }

    /// Order of the append within a stream; not gap-free.
    public var position: Int64
    /// UUIDv7, lower case.
    public var id: String
    public var type: String
    public var subject: String
    public var actor: String
    public var occurredAt: Instant
    public var correlationId: String
    public var causationId: String?
    public var traceparent: String?
    public var stream: Stream?
    /// The exact bytes that were published; JSON.
    public var data: [UInt8]

    /// An entry must fit a C2SP entry bundle, which gives its length in 16 bits.
    public static let maximumLeafSize = 65_535

    /// Text header with byte lengths, then the data unchanged. A field that is absent has no line. No value can imitate
    /// another field, because each is preceded by its length.
    public func leafBytes(source: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512 + data.count)
        bytes.append(contentsOf: "brightkitchen-journal-entry/1\n".utf8)
        func field(_ name: StaticString, _ value: String) {
            name.withUTF8Buffer { bytes.append(contentsOf: $0) }
            bytes.appendDecimal(value.utf8.count)
            bytes.append(0x20)
            bytes.append(contentsOf: value.utf8)
            bytes.append(0x0a)
        }
        field("id ", id)
        field("type ", type)
        field("source ", source)
        field("subject ", subject)
        field("actor ", actor)
        field("time ", String(occurredAt.microseconds))
        if let stream {
            field("key ", stream.partitionKey)
            field("sequence ", String(stream.sequence))
        }
        field("correlation ", correlationId)
        if let causationId { field("causation ", causationId) }
        if let stream { field("topic ", stream.topic) }
        if let traceparent { field("traceparent ", traceparent) }
        bytes.append(contentsOf: "data ".utf8)
        bytes.appendDecimal(data.count)
        bytes.append(0x0a)
        bytes.append(contentsOf: data)
        return bytes
    }

    /// RFC 6962 hash of the leaf bytes.
    public func leafHash(source: String) -> MerkleHash {
        MerkleTree.leafHash(leafBytes(source: source))
    }

    /// CloudEvents source of a service's entries.
    public static func source(service: String) -> String { "urn:brightkitchen:\(service)" }
}

extension [UInt8] {
    fileprivate mutating func appendDecimal(_ number: Int) {
        append(contentsOf: String(number).utf8)
    }
}
