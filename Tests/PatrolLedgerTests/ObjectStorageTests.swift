import Calendar
import Concurrency
import Contracts
import Delivery
import Foundation
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import PatrolLedgerService

/// Originals in an S3-compatible storage, against a server that is not ours and checks our signatures.
struct ObjectStorageTests {
    private static func environment(
        _ endpoint: String, bucket: String = "evidence", access: String, secret: String, more: [String: String] = [:]
    ) throws -> [String: String] {
        let secrets = try SecretsFolder(["evidence-s3-access-key": access, "evidence-s3-secret-key": secret])
        return [
            "EVIDENCE_STORAGE": "s3", "EVIDENCE_S3_ENDPOINT": endpoint, "EVIDENCE_S3_BUCKET": bucket,
            "EVIDENCE_S3_PREFIX": "city/patrol", "SECRETS_DIR": secrets.path,
        ].merging(more) { $1 }
    }

    private static func withPeer(
        bucket: String = "evidence", more: [String: String] = [:],
        now: Instant = ServiceTest<PatrolLedgerService>.monday,
        _ body: @Sendable @escaping (PatrolWorld, S3Peer) async throws -> Void
    ) async throws {
        let peer = try S3Peer()
        let address = peer.address
        let settings = try environment(
            address.endpoint, bucket: bucket, access: address.accessKey, secret: address.secretKey, more: more)
        try await PatrolWorld.run(environment: settings, now: now) { world in try await body(world, peer) }
        try peer.stop()
    }

    private static func key(_ hash: String) -> String { "city/patrol/\(EvidenceDigest.path(hash))" }

    /// Kept under its digest, read by another program, checked every night, exported, and gone only after its record.
    @Test(.enabled(if: S3Peer.isInstalled, "moto and boto3 are not installed"))
    func evidenceLivesInABucketFromSealToDisposal() async throws {
        try await Self.withPeer { world, peer in
            let desk = world.service.desk
            #expect(try await desk.vault.storage.check().contains("bucket evidence"))
            let (problem, evidence, _) = try await world.problemWithEvidence()
            let kept = try peer.ask("head", "evidence", Self.key(evidence.hash))
            #expect(kept.sha256 == evidence.hash, "boto3 reads the same bytes under the digest's key")
            #expect(try await desk.vault.storage.list(after: nil) == [evidence.hash])
            #expect(try await desk.vault.storage.list(after: evidence.hash).isEmpty)

            let night = EvidenceNight(desk: desk, logger: .quiet("night"))
            let quiet = try await night.work()
            #expect(quiet.failures.isEmpty && quiet.files == 1 && quiet.unrecorded == 0)
            _ = try await desk.vault.store(Data("stored, then the process died".utf8))
            #expect(try await night.work().unrecorded == 1, "counted, not deleted")

            _ = try peer.ask("tamper", "evidence", Self.key(evidence.hash))
            #expect(try await night.work().failures.map(\.id) == [evidence.evidenceId.rawValue])
            let told = try #require(try await world.events(EvidenceIntegrityFailed.self).first)
            #expect(told.foundHash == EvidenceVault.hexDigest(Data("another picture".utf8)))
            #expect(told.problemIds == [problem])
            let look = try await world.client.get(PatrolPaths.evidence(evidence.evidenceId), as: TestPersons.station)
            #expect(look.status == .serviceUnavailable && look.problemCode == "evidence_altered")
            _ = try peer.ask("remove", "evidence", Self.key(evidence.hash))
            #expect(try await night.work().failures.first?.description.contains("is missing") == true)
        }
    }

    @Test(.enabled(if: S3Peer.isInstalled, "moto and boto3 are not installed"))
    func anObjectLockHoldsWhatRetentionWouldRemove() async throws {
        let lock = ["EVIDENCE_S3_LOCK": "compliance", "EVIDENCE_S3_LOCK_DAYS": "90"]
        // The peer compares with the real present.
        try await Self.withPeer(bucket: "locked", more: lock, now: SystemClock().now()) { world, peer in
            let desk = world.service.desk
            let patrol = try await world.open([1], as: TestPersons.station)
            let loose = try await world.sealStill(1, in: patrol, bytes: "loose")
            let day = LocalDate(world.client.clock.now()).adding(days: 90).iso
            let kept = try peer.ask("head", "locked", Self.key(loose.hash))
            #expect(kept.lock == "COMPLIANCE" && kept.lockedUntil == day)
            await #expect(throws: ObjectStorage.locked) { try await desk.vault.remove(loose.hash) }
            #expect(try await desk.vault.check(loose.hash) == .intact, "the storage itself refuses")

            // The record of the disposal comes first; the file follows when the lock lets it go.
            _ = try await world.service.desk.close(
                try await visited(world, patrol), by: world.caller(TestPersons.station))
            world.client.clock.advance(by: .seconds(91 * 86_400))
            #expect(try await EvidenceRetention(desk: desk).run() == 1)
            let waiting = try await world.client.pool.query(
                "SELECT 1 AS one FROM evidence WHERE disposed_at IS NOT NULL AND removed_at IS NULL"
            ) { try $0["one"] as Int }
            #expect(waiting.count == 1, "the storage's clock is not ours: it still locks, and nothing is claimed")
        }
    }

    private func visited(_ world: PatrolWorld, _ patrol: PatrolID) async throws -> PatrolID {
        try await world.visit(1, in: patrol, as: TestPersons.station)
        return patrol
    }

    @Test(.enabled(if: S3Peer.isInstalled, "moto and boto3 are not installed"))
    func whatIsDisposedOfIsGoneInEveryVersion() async throws {
        // Versioned (as every bucket with object lock is) but nothing locked.
        try await Self.withPeer(bucket: "locked") { world, peer in
            let vault = world.service.desk.vault
            let sealed = try await vault.store(Data("first".utf8))
            _ = try peer.ask("tamper", "locked", Self.key(sealed.hash))
            let again = try await vault.store(Data("first".utf8))
            #expect(again == sealed)
            #expect(try await vault.check(sealed.hash) == .intact, "written anew over what was altered")
            #expect(try peer.ask("versions", "locked", Self.key(sealed.hash)).keys.count == 3)
            try await vault.remove(sealed.hash)
            #expect(try peer.ask("versions", "locked", Self.key(sealed.hash)).keys.isEmpty)
            #expect(try await vault.check(sealed.hash) == .missing)
            try await vault.remove(sealed.hash)
        }
    }

    /// A folder's originals move into the bucket; what does not match its name does not.
    @Test(.enabled(if: S3Peer.isInstalled, "moto and boto3 are not installed"))
    func aFolderIsCopiedIntoTheBucket() async throws {
        try await Self.withPeer { world, peer in
            let folder = FileManager.default.temporaryDirectory.appending(path: "patrol-copy-\(UUID().uuidString)")
            let directory = try EvidenceDirectory(root: folder)
            let from = EvidenceVault(storage: directory)
            var hashes: [String] = []
            for number in 0..<30 { hashes.append(try await from.store(Data("picture \(number)".utf8)).hash) }
            #expect(try await directory.list(after: nil) == hashes.sorted())
            #expect(try await directory.list(after: hashes.sorted()[11]) == Array(hashes.sorted()[12...]))
            let bad = try directory.url(hashes[7])
            try FileManager.default.removeItem(at: bad)
            try Data("x".utf8).write(to: bad)
            let counts = try await CopyEvidenceCommand.copy(from, to: world.service.desk.vault)
            #expect(counts.copied == 29 && counts.altered == [hashes[7]])
            let listed = try peer.ask("list", "evidence").keys
            #expect(listed == hashes.filter { $0 != hashes[7] }.map(Self.key).sorted())
            try FileManager.default.removeItem(at: folder)
        }
    }

    /// Nothing is recorded, and the operator sees why.
    @Test(.enabled(if: S3Peer.isInstalled, "moto and boto3 are not installed"))
    func aWrongKeyAndAMissingBucketAreToldApart() async throws {
        let peer = try S3Peer()
        let address = peer.address
        for (bucket, secret, said) in [
            ("evidence", "not-the-secret", "SignatureDoesNotMatch"), ("nowhere", address.secretKey, "NoSuchBucket"),
        ] {
            let settings = try Self.environment(
                address.endpoint, bucket: bucket, access: address.accessKey, secret: secret)
            try await PatrolWorld.run(environment: settings) { world in
                let refusal = try await Refusal.of { _ = try await world.service.desk.vault.store(Data("a".utf8)) }
                #expect(
                    refusal?.code == "storage_refused" && refusal?.en.contains(said) == true,
                    "\(String(describing: refusal))")
                await #expect(throws: NotReady.self) { try await world.service.desk.vault.storage.check() }
                let night = try await Refusal.of {
                    _ = try await world.service.desk.vault.check(EvidenceVault.hexDigest(Data("a".utf8)))
                }
                #expect(night?.code == "storage_refused", "unreachable is not missing")
            }
        }
        try peer.stop()
    }

    // MARK: a storage that misbehaves

    private static func withServer(
        _ script: @escaping ScriptedServer.Script, more: [String: String] = [:],
        _ body: @Sendable @escaping (PatrolWorld, ScriptedServer) async throws -> Void
    ) async throws {
        let server = try ScriptedServer(script)
        let settings = try environment(
            "http://127.0.0.1:\(server.port)", access: "key", secret: "secret", more: more)
        try await PatrolWorld.run(environment: settings) { world in try await body(world, server) }
        server.stop()
    }

    private static let notThere = "<Error><Code>NoSuchKey</Code></Error>"

    private static let cut: ScriptedServer.Script = { request, connection in
        if request.hasPrefix("PUT") {
            connection.reset()
            return .close
        }
        connection.respond("404 Not Found", body: notThere)
        return .keepAlive
    }

    private static let forgetful: ScriptedServer.Script = { request, connection in
        if request.hasPrefix("HEAD") {
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n")
        } else if request.hasPrefix("PUT") {
            connection.respond("200 OK")
        } else {
            connection.respond("404 Not Found", body: notThere)
        }
        return .keepAlive
    }

    private static let silent: ScriptedServer.Script = { _, connection in
        connection.waitForPeer()
        return .close
    }

    @Test func anUploadThatIsCutIsRepeatedAndThenRefused() async throws {
        try await Self.withServer(Self.cut) { world, server in
            let refusal = try await Refusal.of { _ = try await world.service.desk.vault.store(Data("half".utf8)) }
            #expect(refusal?.kind == .unavailable && refusal?.code == "storage_unreachable")
            let puts = server.requests.filter { $0.hasPrefix("PUT") }
            #expect(puts.count >= ObjectStorage.attempts, "libcurl itself repeats on a connection that was kept alive")
            #expect(puts.allSatisfy { $0.lowercased().contains("x-amz-checksum-sha256: ") })
        }
    }

    @Test func aStorageThatKeptLessThanItWasGivenIsNotBelieved() async throws {
        try await Self.withServer(Self.forgetful) { world, _ in
            let patrol = try await world.open([1], as: TestPersons.station)
            let refusal = try await Refusal.of { _ = try await world.sealStill(1, in: patrol, bytes: "whole") }
            #expect(refusal?.code == "storage_incomplete")
            #expect(try await world.client.pool.evidence(ofPatrol: patrol).isEmpty, "nothing was recorded")
        }
    }

    @Test func aSlowStorageEndsAtItsDeadline() async throws {
        try await Self.withServer(Self.silent, more: ["EVIDENCE_S3_DEADLINE_SECONDS": "1"]) { world, server in
            let desk = world.service.desk
            let refusal = try await Refusal.of { _ = try await desk.vault.store(Data("slow".utf8)) }
            #expect(refusal?.code == "storage_unreachable" && refusal?.en.contains("timed_out") == true)
            #expect(server.requests.count == 1, "a person waits: no second try")
            let night = EvidenceNight(desk: desk, logger: .quiet("night"))
            let ended = try await Refusal.of { _ = try await night.work() }
            #expect(ended?.code == "storage_unreachable")
            #expect(try await night.isDue(), "the night is due again, and nothing was called missing")
        }
    }

    @Test func settingsAreCheckedAtTheStart() async throws {
        let secrets = try SecretsFolder()
        let reader = try await SettingsReader(environment: [
            "MODE": "production", "EVIDENCE_STORAGE": "s3", "EVIDENCE_S3_ENDPOINT": "http://s3.example/x",
            "EVIDENCE_S3_BUCKET": "No", "EVIDENCE_S3_PREFIX": "/a", "EVIDENCE_S3_LOCK": "governance",
            "EVIDENCE_S3_REGION": "eu west", "EVIDENCE_S3_ADDRESSING": "dns", "EVIDENCE_S3_CA_FILE": "/nowhere.pem",
            "SECRETS_DIR": secrets.path,
        ])
        _ = ObjectStorageSettings.read(reader)
        #expect(
            Set(reader.faults.map(\.name)) == [
                "EVIDENCE_S3_ENDPOINT", "EVIDENCE_S3_BUCKET", "EVIDENCE_S3_PREFIX", "EVIDENCE_S3_LOCK_DAYS",
                "EVIDENCE_S3_REGION", "EVIDENCE_S3_ADDRESSING", "EVIDENCE_S3_CA_FILE", "EVIDENCE_S3_ACCESS_KEY",
                "EVIDENCE_S3_SECRET_KEY",
            ])
    }

    /// The examples of Amazon's documentation (Signature Calculations: GET object, GET bucket).
    @Test func signaturesAreThoseOfTheSpecification() throws {
        let signature = ObjectSignature(
            region: "us-east-1", accessKey: "AKIAIOSFODNN7EXAMPLE",
            secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        let now = try #require(Instant(rfc3339: "2013-05-24T00:00:00Z"))
        func sign(_ path: String, _ query: [(String, String)], _ headers: [HTTPHeader]) -> String {
            signature.headers(
                "GET", host: "examplebucket.s3.amazonaws.com", path: path, query: query, headers: headers,
                payloadHash: EvidenceVault.hexDigest(Data()), at: now
            ).first { $0.name == "authorization" }?.value ?? ""
        }
        #expect(
            sign("/test.txt", [], [HTTPHeader("Range", "bytes=0-9")]).hasSuffix(
                "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"))
        #expect(
            sign("/", [("prefix", "J"), ("max-keys", "2")], []).hasSuffix(
                "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
    }
}
