import Delivery
import Foundation
import ServiceKit

/// `EVIDENCE_STORAGE=s3` and what belongs to it: an S3-compatible object storage for originals.
struct ObjectStorageSettings: Hashable, Sendable {
    /// How the bucket is named in the URL.
    enum Addressing: String, CaseIterable, Sendable {
        /// `https://endpoint/bucket/key`: MinIO, Ceph, most others.
        case path
        /// `https://bucket.endpoint/key`: asked for by Aliyun OSS and new buckets of AWS.
        case host
    }

    /// Object lock (对象锁定, WORM): whether the storage itself refuses to delete before a day.
    enum Lock: String, CaseIterable, Sendable {
        case none
        /// Those with a special right of the storage may still delete.
        case governance
        /// Nobody may, not even the storage's owner.
        case compliance
    }

    /// Scheme, host and port: `https://s3.example.gov.cn`.
    var endpoint: String
    var region: String
    var bucket: String
    /// Put before every key, without slashes at its ends; empty = none.
    var prefix: String
    var addressing: Addressing
    var lock: Lock
    /// How long each original is locked from the day it is stored.
    var lockDays: Int
    /// Of one call.
    var deadline: Duration
    /// PEM of the authority that signed the storage's certificate; nil = the system's.
    var certificateAuthorities: String?
    /// Plain http; only where the whole stack is local.
    var allowsPlainHTTP: Bool
    var accessKey: String
    var secretKey: String

    static func read(_ reader: SettingsReader) -> ObjectStorageSettings {
        let isLocal = reader.optionalString("MODE").map { $0 == "local" } ?? true
        let lock = reader.choice("EVIDENCE_S3_LOCK", default: Lock.none)
        let settings = ObjectStorageSettings(
            endpoint: trimmed(reader.url("EVIDENCE_S3_ENDPOINT")),
            region: reader.string("EVIDENCE_S3_REGION", default: "us-east-1"),
            bucket: reader.string("EVIDENCE_S3_BUCKET", allowed: bucketRule),
            prefix: reader.string("EVIDENCE_S3_PREFIX", default: ""),
            addressing: reader.choice("EVIDENCE_S3_ADDRESSING", default: Addressing.path), lock: lock,
            lockDays: lock == .none ? 0 : reader.integer("EVIDENCE_S3_LOCK_DAYS", in: 1...3650),
            deadline: reader.seconds("EVIDENCE_S3_DEADLINE_SECONDS", default: .seconds(30), in: 1...300),
            certificateAuthorities: reader.optionalString("EVIDENCE_S3_CA_FILE"), allowsPlainHTTP: isLocal,
            accessKey: reader.secret("EVIDENCE_S3_ACCESS_KEY", allowed: "the access key of the bucket's user"),
            secretKey: reader.secret("EVIDENCE_S3_SECRET_KEY", allowed: "the secret key of the bucket's user"))
        settings.validate(reader)
        return settings
    }

    private static let bucketRule = "3 to 63 of a–z 0–9 . -"

    private func validate(_ reader: SettingsReader) {
        if !endpoint.isEmpty {
            let isOrigin = URL(string: endpoint).map { $0.path.isEmpty && $0.query == nil && $0.user == nil } ?? false
            if !isOrigin || (!allowsPlainHTTP && !endpoint.hasPrefix("https://")) {
                reader.fail(
                    "EVIDENCE_S3_ENDPOINT", value: endpoint,
                    allowed: allowsPlainHTTP ? "an origin without a path" : "an https origin without a path")
            }
        }
        func isMadeOf(_ text: String, _ others: String) -> Bool {
            text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || others.utf8.contains($0) }
        }
        if !bucket.isEmpty, !(3...63).contains(bucket.utf8.count) || !isMadeOf(bucket, ".-") {
            reader.fail("EVIDENCE_S3_BUCKET", value: bucket, allowed: Self.bucketRule)
        }
        if !(1...64).contains(region.utf8.count) || !isMadeOf(region, "-") {
            reader.fail("EVIDENCE_S3_REGION", value: region, allowed: "a–z 0–9 -")
        }
        let hasLooseSlash = prefix.hasPrefix("/") || prefix.hasSuffix("/") || prefix.contains("//")
        if prefix.utf8.count > 200 || !isMadeOf(prefix, "-_/") || hasLooseSlash {
            reader.fail("EVIDENCE_S3_PREFIX", value: prefix, allowed: "a–z 0–9 - _ and / between them")
        }
        if let certificateAuthorities, !FileManager.default.isReadableFile(atPath: certificateAuthorities) {
            reader.fail("EVIDENCE_S3_CA_FILE", value: certificateAuthorities, allowed: "a readable PEM file")
        }
    }

    private static func trimmed(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }
}
