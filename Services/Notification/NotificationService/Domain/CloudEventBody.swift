import Calendar
import Contracts
import Foundation

/// A CloudEvents 1.0 event in structured JSON, the body of a webhook.
enum CloudEventBody {
    static let contentType = "application/cloudevents+json; charset=utf-8"
    /// Below the 20 kB of the Standard Webhooks specification.
    static let maximumBytes = 20_000

    struct Attributes: Sendable {
        var id: String
        var source: String
        var type: String
        var subject: String
        var time: Instant
        var partitionKey: String
        var sequence: Int64?
        var correlationId: String?
        /// Where the whole record can be read by a signed-in officer.
        var dataRef: String?
    }

    /// The event whole, or, when that would be too large, without `data` but with `dataref` (the claim-check pattern).
    static func encode(_ attributes: Attributes, data: some Encodable) throws -> [UInt8] {
        let dataBytes = try EventJSON.encode(data)
        let whole = assemble(attributes, data: dataBytes)
        return whole.count < maximumBytes ? whole : assemble(attributes, data: nil)
    }

    private static func assemble(_ attributes: Attributes, data: [UInt8]?) -> [UInt8] {
        var members: [(String, String)] = [
            ("specversion", "1.0"), ("id", attributes.id), ("source", attributes.source), ("type", attributes.type),
            ("subject", attributes.subject), ("time", attributes.time.rfc3339),
            ("partitionkey", attributes.partitionKey),
        ]
        if let sequence = attributes.sequence { members.append(("sequence", String(sequence))) }
        if let correlationId = attributes.correlationId { members.append(("correlationid", correlationId)) }
        if let dataRef = attributes.dataRef { members.append(("dataref", dataRef)) }
        var text = "{" + members.map { "\(quoted($0.0)):\(quoted($0.1))" }.joined(separator: ",")
        // The data is pasted as the bytes it already is: what receivers hash is what this service encoded.
        if let data {
            text += ",\"datacontenttype\":\"application/json\",\"data\":" + String(decoding: data, as: UTF8.self)
        }
        return Array((text + "}").utf8)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
