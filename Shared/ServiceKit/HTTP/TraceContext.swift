import Foundation

/// W3C Trace Context (`traceparent`, version 00): a request's identity across services.
public struct TraceContext: Hashable, Sendable {
    public let traceId: String
    public let spanId: String
    public let flags: String

    /// nil unless the text is a well-formed version-00 header with non-zero ids.
    public init?(_ header: String?) {
        guard let header, header.utf8.count == 55 else { return nil }
        let parts = header.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "00", parts[1].utf8.count == 32, parts[2].utf8.count == 16,
            parts[3].utf8.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy(Self.isLowerHex) }),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
        else { return nil }
        traceId = String(parts[1])
        spanId = String(parts[2])
        flags = String(parts[3])
    }

    private init(traceId: String, spanId: String, flags: String) {
        self.traceId = traceId
        self.spanId = spanId
        self.flags = flags
    }

    /// Before the request has one; not a valid header.
    static let unset = TraceContext(
        traceId: String(repeating: "0", count: 32), spanId: String(repeating: "0", count: 16), flags: "00")

    /// A new trace.
    public static func start() -> TraceContext {
        TraceContext(traceId: randomHex(bytes: 16), spanId: randomHex(bytes: 8), flags: "01")
    }

    /// The same trace, a new span: what this service hands on.
    public func child() -> TraceContext {
        TraceContext(traceId: traceId, spanId: Self.randomHex(bytes: 8), flags: flags)
    }

    public var header: String { "00-\(traceId)-\(spanId)-\(flags)" }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// Multiples of eight bytes.
    private static func randomHex(bytes: Int) -> String {
        var text = ""
        for _ in 0..<(bytes / 8) {
            let digits = String(UInt64.random(in: 1...UInt64.max), radix: 16)
            text += String(repeating: "0", count: 16 - digits.count) + digits
        }
        return text
    }
}
