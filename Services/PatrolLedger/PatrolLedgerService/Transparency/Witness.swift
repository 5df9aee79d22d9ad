import Calendar
import Concurrency
import Contracts
import Crypto
import Delivery
import Foundation
import Journal

/// One look of a witness at a log: fetch, check, keep, cosign, hand back.
struct Witness: Sendable {
    /// Address with a slash at its end.
    let log: String
    let submit: String?
    let state: WitnessState
    let key: WitnessKey
    let signing: Curve25519.Signing.PrivateKey
    let http: HTTPClient
    let clock: any WallClock

    struct Unreachable: Error, CustomStringConvertible {
        let description: String
    }

    private struct Submission: Codable { var note: String }

    /// Says what was seen. Throws `WitnessState.Fault` when the log contradicts itself.
    func look() async throws -> String {
        let text = String(decoding: try await fetch(log + "checkpoint"), as: UTF8.self)
        guard let note = SignedNote(parsing: text), let checkpoint = Checkpoint(text: note.text) else {
            throw Unreachable(description: "\(log)checkpoint is no checkpoint")
        }
        let isNew: Bool
        do {
            isNew = try await state.check(note) { from, to in
                let body = try await fetch("\(log)consistency?from=\(from)&to=\(to)")
                let proof = try EventJSON.decode(ConsistencyHashes.self, from: body)
                return try proof.proof.map { text in
                    guard let hash = MerkleHash(hex: text) else {
                        throw Unreachable(description: "the consistency proof holds something that is no hash")
                    }
                    return hash
                }
            }
        } catch let fault as WitnessState.Fault {
            try state.keepContradiction(text)
            throw fault
        }
        let seconds = UInt64(clock.now().microseconds / 1_000_000)
        let cosignature = try Cosignature(note.text, at: seconds, by: signing)
        guard let cosigned = SignedNote(parsing: note.serialized + key.line(cosignature)) else {
            throw Unreachable(description: "the cosigned note is malformed")
        }
        if isNew { try state.keep(cosigned) }
        if let submit {
            let body = try EventJSON.encode(Submission(note: cosigned.serialized))
            let answer = try await http.send(.post(submit, contentType: "application/json", body: body))
            guard answer.isSuccess else {
                throw Unreachable(
                    description: "\(submit) answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
            }
        }
        return "\(isNew ? "new" : "known") \(checkpoint.origin) size \(checkpoint.size) root \(checkpoint.root)"
    }

    private struct ConsistencyHashes: Codable { var proof: [String] }

    private func fetch(_ url: String) async throws -> [UInt8] {
        let answer = try await http.send(.get(url, headers: [HTTPHeader("Accept", "*/*")]))
        guard answer.isSuccess else { throw Unreachable(description: "\(url) answered \(answer.status)") }
        return answer.body
    }
}
