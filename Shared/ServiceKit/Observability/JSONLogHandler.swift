import Calendar
import Foundation
import Logging

/// One JSON object a line on stderr: `time`, `level`, `service`, `logger`, `message`, then the metadata.
///
/// Never give a query string or a header to a log: they may hold tokens.
public struct JSONLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    public var logLevel: Logger.Level
    private let label: String
    private let service: String
    private let write: @Sendable (String) -> Void

    public init(
        label: String, service: String, level: Logger.Level = .info,
        write: @escaping @Sendable (String) -> Void = JSONLogHandler.standardError
    ) {
        self.label = label
        self.service = service
        self.write = write
        logLevel = level
    }

    /// Makes this the handler of every logger in the process. Once per process.
    public static func bootstrap(service: String, level: Logger.Level) {
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, service: service, level: level) }
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        var line = #"{"time":"\#(Instant(Date()).rfc3339)","level":"\#(event.level.rawValue)""#
        line += #","service":\#(Self.quoted(service)),"logger":\#(Self.quoted(label))"#
        line += #","message":\#(Self.quoted("\(event.message)"))"#
        if let error = event.error, all["error"] == nil {
            line += #","error":\#(Self.quoted(String(reflecting: error)))"#
        }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            line += ",\(Self.quoted(key)):\(Self.json(value))"
        }
        write(line + "}\n")
    }

    private static func json(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .stringConvertible(let value): quoted("\(value)")
        case .array(let values): "[" + values.map(json).joined(separator: ",") + "]"
        case .dictionary(let values):
            "{" + values.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(json($0.value))" }.joined(separator: ",")
                + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        // Nearly every text needs no escape.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5c }) { return "\"" + text + "\"" }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// One write call a line, so that lines of several threads do not mix.
    public static let standardError: @Sendable (String) -> Void = { line in
        FileHandle.standardError.write(Data(line.utf8))
    }
}
