import Foundation

/// The local stack's operator: messages are appended to a file that only its owner may read, one JSON line each, and
/// nobody's telephone rings.
public actor SMSOutbox: SMSSender {
    private let file: URL

    public init(path: String) {
        file = URL(fileURLWithPath: path)
    }

    private struct Line: Encodable {
        let messageId: String
        let template: String
        let text: String
        let to: String
    }

    public func send(_ message: SMSMessage) async throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            if !FileManager.default.fileExists(atPath: file.path) {
                let isMade = FileManager.default.createFile(
                    atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
                guard isMade else { throw DeliveryError(.internalFailure, "the outbox cannot be made") }
            }
            let line = try encoder.encode(
                Line(
                    messageId: message.messageId, template: message.template, text: message.text,
                    to: "+86\(message.mobileNumber)"))
            let handle = try FileHandle(forWritingTo: file)
            try handle.seekToEnd()
            try handle.write(contentsOf: line + Data("\n".utf8))
            try handle.close()
        } catch let error as DeliveryError {
            throw error
        } catch {
            throw DeliveryError(.internalFailure, "the outbox cannot be written")
        }
    }
}
