/// A dead letter with its record, for a person to read.
public struct DeadLetterDetail: Sendable, Codable, Hashable {
    public struct Header: Sendable, Codable, Hashable {
        public var name: String
        /// As UTF-8, unreadable bytes replaced.
        public var value: String
    }

    public var letter: DeadLetter
    public var partition: Int32
    public var offset: Int64
    public var headers: [Header]
    /// The value as UTF-8, unreadable bytes replaced; cut after 64 KiB.
    public var value: String
}
