import Calendar
import Concurrency
import Delivery
import Foundation
import Logging
import ServiceKit

/// Originals in an S3-compatible bucket, by content: `<prefix>/sha256/ab/cd/<hash>`. Every upload carries its digest, so
/// that the storage refuses what was cut or changed on the way, and is asked afterwards what lies there.
final class ObjectStorage: EvidenceStorage {
    /// Largest original that is read.
    static let maximumBytes = 512 << 20
    /// A call that fails for a reason that may pass is made so often in all.
    static let attempts = 3

    private let settings: ObjectStorageSettings
    private let signature: ObjectSignature
    private let client: HTTPClient
    private let clock: any WallClock
    private let origin: String
    private let host: String

    init(_ settings: ObjectStorageSettings, clock: any WallClock, logger: Logger) throws {
        self.settings = settings
        self.clock = clock
        signature = ObjectSignature(
            region: settings.region, accessKey: settings.accessKey, secretKey: settings.secretKey)
        // The operator names the endpoint, nobody from outside does: private networks are the usual place.
        let anywhere = AddressPolicy(allowedSubnets: ["0.0.0.0/0", "::/0"].compactMap { Subnet($0) })
        client = try HTTPClient(
            HTTPClientConfiguration(
                addressPolicy: anywhere, allowsPlainHTTP: settings.allowsPlainHTTP, deadline: settings.deadline,
                maximumResponseBytes: Self.maximumBytes, maximumConnections: 32, maximumConnectionsPerHost: 32,
                certificateAuthorities: settings.certificateAuthorities),
            logger: logger)
        let parts = settings.endpoint.components(separatedBy: "://")
        var endpoint = parts.last ?? ""
        // As in the header that is sent: a scheme's own port is left out.
        let ownPort = parts.first == "http" ? ":80" : ":443"
        if endpoint.hasSuffix(ownPort) { endpoint.removeLast(ownPort.count) }
        host = settings.addressing == .host ? "\(settings.bucket).\(endpoint)" : endpoint
        origin = "\(parts.first ?? "https")://\(host)"
    }

    deinit { client.close() }

    func put(_ bytes: Data, as hash: String) async throws {
        let digest = Data(Self.bytes(ofHex: hash)).base64EncodedString()
        var headers = [
            HTTPHeader("content-type", "application/octet-stream"), HTTPHeader("x-amz-checksum-sha256", digest),
            HTTPHeader("x-amz-sdk-checksum-algorithm", "SHA256"),
        ]
        if settings.lock != .none {
            let until = clock.now() + .seconds(settings.lockDays * 86_400)
            headers.append(HTTPHeader("x-amz-object-lock-mode", settings.lock.rawValue.uppercased()))
            headers.append(HTTPHeader("x-amz-object-lock-retain-until-date", ObjectSignature.utc(until)))
        }
        let key = try key(hash)
        let answer = try await call("PUT", key, headers: headers, body: [UInt8](bytes), payloadHash: hash)
        guard answer.isSuccess else { throw Self.refusal(answer) }
        let kept = try await call("HEAD", key, headers: [HTTPHeader("x-amz-checksum-mode", "ENABLED")])
        let isWhole =
            kept.isSuccess && kept.header("content-length") == String(bytes.count)
            && (kept.header("x-amz-checksum-sha256").map { $0 == digest } ?? true)
        guard isWhole else {
            throw Refusal.unavailable(
                "storage_incomplete", zh: "对象存储没有完整保存证据，未登记",
                en: "The object storage did not keep the whole original; nothing was recorded")
        }
    }

    func get(_ hash: String) async throws -> Data? {
        let answer = try await call("GET", try key(hash))
        if answer.status == 404, Self.code(answer) == "NoSuchKey" { return nil }
        guard answer.isSuccess else { throw Self.refusal(answer) }
        return Data(answer.body)
    }

    /// Every version of it, and what marks it as deleted: in a bucket with object lock an ordinary deletion only hides.
    func remove(_ hash: String) async throws {
        let key = try key(hash)
        let listed = try await call("GET", "", query: [("prefix", key), ("versions", "")])
        guard listed.isSuccess else { throw Self.refusal(listed) }
        let text = String(decoding: listed.body, as: UTF8.self)
        for version in Self.elements("VersionId", text) {
            let answer = try await call("DELETE", key, query: [("versionId", version)])
            guard answer.isSuccess || answer.status == 404 else {
                if answer.status == 403, settings.lock != .none { throw Self.locked }
                throw Self.refusal(answer)
            }
        }
    }

    func list(after hash: String?) async throws -> [String] {
        var query = [
            ("list-type", "2"), ("max-keys", String(EvidenceDigest.listLength)),
            ("prefix", "\(prefix)\(EvidenceVault.algorithm)/"),
        ]
        if let hash { query.append(("start-after", try key(hash))) }
        let answer = try await call("GET", "", query: query)
        guard answer.isSuccess else { throw Self.refusal(answer) }
        let keys = Self.elements("Key", String(decoding: answer.body, as: UTF8.self))
        return keys.compactMap { $0.split(separator: "/").last.map(String.init) }.filter(EvidenceDigest.isValid)
    }

    func check() async throws -> String {
        let answer: DeliveryResponse
        do {
            answer = try await send("GET", "", query: [("list-type", "2"), ("max-keys", "0")])
        } catch let error as DeliveryError {
            throw NotReady("the object storage cannot be reached: \(error.code.rawValue)")
        }
        guard answer.isSuccess else {
            throw NotReady("the object storage answers \(answer.status) \(Self.code(answer) ?? "")")
        }
        return "bucket \(settings.bucket)\(settings.lock == .none ? "" : ", object lock \(settings.lock.rawValue)")"
    }

    // MARK: calls

    /// A call that is made again where the reason may pass. Every call may be made twice: keys are by content.
    private func call(
        _ method: String, _ key: String, query: [(String, String)] = [], headers: [HTTPHeader] = [],
        body: [UInt8] = [], payloadHash: String? = nil
    ) async throws -> DeliveryResponse {
        var backoff = Backoff(base: .milliseconds(100), maximum: .seconds(2))
        for attempt in 1...Self.attempts {
            let isLast = attempt >= Self.attempts
            do {
                let answer = try await send(
                    method, key, query: query, headers: headers, body: body, payloadHash: payloadHash)
                let mayPass = answer.status == 429 || answer.status >= 500
                if !mayPass || isLast { return answer }
            } catch let error as DeliveryError {
                // A deadline that passed is not tried again: a person waits.
                if !error.isRetriable || error.code == .timedOut || isLast { throw Self.unreachable(error) }
            }
            try await Task.sleep(for: backoff.next())
        }
        throw Self.unreachable(DeliveryError(.internalFailure, "no attempt was made"))
    }

    private func send(
        _ method: String, _ key: String, query: [(String, String)] = [], headers: [HTTPHeader] = [],
        body: [UInt8] = [], payloadHash: String? = nil
    ) async throws -> DeliveryResponse {
        // Keys are made of characters that need no encoding.
        let bucket = settings.addressing == .path ? "/\(settings.bucket)" : ""
        let path = key.isEmpty ? (bucket.isEmpty ? "/" : bucket) : "\(bucket)/\(key)"
        let all = signature.headers(
            method, host: host, path: path, query: query, headers: headers,
            payloadHash: payloadHash ?? Self.emptyHash, at: clock.now())
        let text = ObjectSignature.canonicalQuery(query)
        return try await client.send(
            DeliveryRequest(
                method: method, url: origin + path + (text.isEmpty ? "" : "?\(text)"), headers: all, body: body))
    }

    private var prefix: String { settings.prefix.isEmpty ? "" : "\(settings.prefix)/" }

    private func key(_ hash: String) throws -> String {
        try EvidenceDigest.check(hash)
        return prefix + EvidenceDigest.path(hash)
    }

    // MARK: answers

    private static let emptyHash = EvidenceVault.hexDigest(Data())

    private static func bytes(ofHex hash: String) -> [UInt8] {
        let digits = Array(hash)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
    }

    /// Contents of all elements of that name. Keys, versions and codes of ours hold nothing that XML escapes.
    static func elements(_ name: String, _ text: String) -> [String] {
        text.components(separatedBy: "<\(name)>").dropFirst().compactMap { part in
            part.range(of: "</\(name)>").map { String(part[..<$0.lowerBound]) }
        }
    }

    /// `NoSuchKey`, `AccessDenied`…; nil where there is none (answers to HEAD have no body).
    private static func code(_ answer: DeliveryResponse) -> String? {
        elements("Code", String(decoding: answer.body.prefix(4096), as: UTF8.self)).first.map { String($0.prefix(64)) }
    }

    private static func refusal(_ answer: DeliveryResponse) -> Refusal {
        let said = [String(answer.status), code(answer)].compactMap { $0 }.joined(separator: " ")
        return .unavailable(
            "storage_refused", zh: "证据存储拒绝了请求（\(said)），没有登记", en: "The evidence storage refused (\(said))")
    }

    private static func unreachable(_ error: DeliveryError) -> Refusal {
        .unavailable(
            "storage_unreachable", zh: "证据存储暂时无法访问（\(error.code.rawValue)），请稍后再试",
            en: "The evidence storage cannot be reached (\(error.code.rawValue)): try again later")
    }

    static let locked = Refusal.unavailable(
        "storage_locked", zh: "对象锁定期未满，原件暂不能删除", en: "The object lock has not ended: the original cannot be deleted yet"
    )
}
