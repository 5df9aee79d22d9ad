import ArgumentParser
import Calendar
import Concurrency
import Crypto
import Delivery
import Foundation
import Journal
import Logging
import ServiceKit

/// `patrol-ledger witness`: a department's own process. It keeps the checkpoints of a log, checks that each follows from
/// all it saw before, cosigns it (C2SP cosignature/v1) and hands the cosignature back. It needs no database, no Kafka and
/// none of the operator's configuration; run it where the operator cannot write.
struct WitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness", abstract: "Keep, check and cosign the checkpoints of a log.",
        discussion: """
            Ends with 0 when the newest checkpoint is consistent with everything kept in --state, with 3 when it is not: \
            then contradictions.txt in that folder holds the proof. Run it hourly, or with --every.
            """)

    @Option(help: "Address of the log, e.g. https://kitchen.example/patrol/log/")
    var log: String

    @Option(help: "Verifier key (vkey) of the log, got from somewhere else than the log.")
    var key: String

    @Option(help: "Folder in which checkpoints and the witness's key are kept; made when it does not exist.")
    var state: String

    @Option(help: "Name of the witness in its signatures, e.g. education.jiangmen.example/witness")
    var name: String

    @Option(help: "Where cosigned checkpoints are sent, e.g. https://kitchen.example/patrol/api/v1/ledger/cosignatures")
    var submit: String?

    @Option(help: "Go on, looking every so many seconds.")
    var every: Int?

    @Flag(help: "Print the witness's own vkey and end: register it with the operator.")
    var showKey = false

    func validate() throws {
        guard NoteKey(vkey: key) != nil else { throw ValidationError("--key: not a verifier key") }
        if let every, every < 1 { throw ValidationError("--every: at least 1") }
    }

    func run() async throws {
        let folder = URL(fileURLWithPath: state, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let signing = try Self.signingKey(in: folder)
        guard let own = WitnessKey(name: name, publicKey: [UInt8](signing.publicKey.rawRepresentation)),
            let logKey = NoteKey(vkey: key)
        else { throw ValidationError("--name: no spaces and no plus sign") }
        if showKey {
            CommandRun.print(own.vkey)
            return
        }
        let witness = Witness(
            log: log.hasSuffix("/") ? log : log + "/", submit: submit, state: WitnessState(folder: folder, key: logKey),
            key: own, signing: signing,
            http: try HTTPClient(.internalCalls, logger: Logger(label: "witness")), clock: SystemClock())
        repeat {
            do {
                CommandRun.print(try await witness.look())
            } catch let fault as WitnessState.Fault {
                CommandRun.print("CONTRADICTION \(fault)")
                throw ExitCode(3)
            }
            if let every { await Signal().wait(atMost: .seconds(every)) }
        } while every != nil && !Task.isCancelled
    }

    /// 32 random bytes, made at the first run, readable by the owner only.
    private static func signingKey(in folder: URL) throws -> Curve25519.Signing.PrivateKey {
        let file = folder.appending(path: "witness-key")
        if FileManager.default.fileExists(atPath: file.path) {
            let text = try String(contentsOf: file, encoding: .utf8)
            guard let seed = Data(base64Encoded: text.trimmingWhitespace) else {
                throw ValidationError("\(file.lastPathComponent) is not base64")
            }
            return try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        }
        let key = Curve25519.Signing.PrivateKey()
        let bytes = Data((key.rawRepresentation.base64EncodedString() + "\n").utf8)
        guard
            FileManager.default.createFile(
                atPath: file.path, contents: bytes, attributes: [.posixPermissions: 0o600])
        else { throw ValidationError("the key could not be written to \(folder.lastPathComponent)") }
        return key
    }
}
