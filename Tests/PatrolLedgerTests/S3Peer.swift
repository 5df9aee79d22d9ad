import Foundation
import Testing

/// moto's S3 server in a process of its own, with boto3 as an independent reader (`s3_peer.py`).
final class S3Peer: Sendable {
    struct Address: Decodable, Sendable {
        var endpoint: String
        var accessKey: String
        var secretKey: String
    }

    struct Answer: Decodable, Sendable {
        var keys: [String]
        var sha256: String?
        var lock: String?
        var lockedUntil: String?
    }

    /// Python with moto and boto3: `TEST_PYTHON` of `deploy/local test`, or the system's where it has them.
    private static let python = ProcessInfo.processInfo.environment["TEST_PYTHON"] ?? "python3"
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Peers/s3_peer.py").path

    /// Without `TEST_PYTHON` the peer may be missing; with it, it must be there.
    static let isInstalled: Bool = {
        if ProcessInfo.processInfo.environment["TEST_PYTHON"] != nil { return true }
        do {
            return try output([python, "-c", "import moto.server, boto3; print(1)"]).isEmpty == false
        } catch {
            return false
        }
    }()

    let address: Address
    private let process: Process
    private let input: Pipe

    init() throws {
        let process = Process()
        let input = Pipe()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [Self.python, Self.script, "serve"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while line.last != 0x0a {
            let byte = output.fileHandleForReading.readData(ofLength: 1)
            if byte.isEmpty { break }
            line.append(byte)
        }
        self.process = process
        self.input = input
        address = try Self.decode(line)
    }

    func stop() throws {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// What boto3 says: `head`, `list`, `versions`, `tamper`, `remove`.
    func ask(_ action: String, _ bucket: String, _ key: String = "") throws -> Answer {
        try Self.decode(
            try Self.output([
                Self.python, Self.script, action, address.endpoint, address.accessKey, address.secretKey, bucket, key,
            ]))
    }

    private static func decode<T: Decodable>(_ bytes: Data) throws -> T {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(T.self, from: bytes)
    }

    private static func output(_ command: [String]) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return bytes
    }
}
