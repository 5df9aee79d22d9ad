import Concurrency
import Foundation
import Logging
import TestSupport
import Testing

@testable import Delivery

@Suite(.timeLimit(.minutes(1))) struct HTTPClientTests {
    static let logger = Logger(label: "delivery-tests")

    func localClient(_ change: (inout HTTPClientConfiguration) -> Void = { _ in }) throws -> HTTPClient {
        var configuration = HTTPClientConfiguration(addressPolicy: .loopbackAllowed, allowsPlainHTTP: true)
        change(&configuration)
        return try HTTPClient(configuration, logger: Self.logger)
    }

    func failure(_ client: HTTPClient, _ request: DeliveryRequest) async throws -> DeliveryError {
        do {
            let response = try await client.send(request)
            Issue.record("a response came: \(response.status)")
            throw DeliveryError(.internalFailure, "no failure")
        } catch let error as DeliveryError {
            return error
        }
    }

    @Test func aPostArrivesWholeAndItsAnswerComesBack() async throws {
        let server = try ScriptedServer { _, connection in
            connection.respond("202 Accepted", headers: ["X-Answer: yes "], body: "好的")
            return .keepAlive
        }
        defer { server.stop() }
        let client = try localClient()
        let response = try await client.send(
            .post(
                server.url + "hook?a=1", contentType: "application/json", body: Array("{\"名\":1}".utf8),
                headers: [HTTPHeader("webhook-id", "m1")]))
        #expect(response.status == 202 && response.isSuccess)
        #expect(response.header("x-answer") == "yes")
        #expect(String(decoding: response.body, as: UTF8.self) == "好的")
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("POST /hook?a=1 HTTP/1.1\r\n"))
        #expect(request.contains("webhook-id: m1\r\n"))
        #expect(request.hasSuffix("\r\n\r\n{\"名\":1}"))
        #expect(!request.lowercased().contains("expect:"))
        client.close()
    }

    @Test func connectionsAreKeptAlive() async throws {
        let server = try ScriptedServer { _, connection in
            connection.respond("204 No Content")
            return .keepAlive
        }
        defer { server.stop() }
        let client = try localClient()
        for _ in 0..<20 { #expect(try await client.send(.get(server.url)).status == 204) }
        #expect(server.connections == 1)
        #expect(server.requests.count == 20)
    }

    @Test func manyRequestsAtOnceShareTheThread() async throws {
        let server = try ScriptedServer { _, connection in
            connection.respond("200 OK", body: "x")
            return .keepAlive
        }
        defer { server.stop() }
        let client = try localClient { $0.maximumConnectionsPerHost = 8 }
        let url = server.url
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<300 { group.addTask { try await client.send(.get(url)).body.count } }
            return try await group.reduce(0, +)
        }
        #expect(sum == 300)
        #expect(server.connections <= 8)
    }

    @Test func otherMethodsAndEmptyBodiesAreSentAsTheyAre() async throws {
        let server = try ScriptedServer { _, connection in
            connection.respond("200 OK")
            return .keepAlive
        }
        defer { server.stop() }
        let client = try localClient()
        for method in ["POST", "PUT", "DELETE", "HEAD"] {
            _ = try await client.send(DeliveryRequest(method: method, url: server.url))
        }
        #expect(server.requests.map { $0.prefix { $0 != " " } } == ["POST", "PUT", "DELETE", "HEAD"])
        #expect(server.requests[0].lowercased().contains("content-length: 0\r\n"))
    }

    @Test func redirectsAreAnswersAndNotFollowed() async throws {
        let server = try ScriptedServer { _, connection in
            connection.respond("302 Found", headers: ["location: http://169.254.169.254/latest/meta-data"])
            return .keepAlive
        }
        defer { server.stop() }
        let response = try await localClient().send(.get(server.url))
        #expect(response.status == 302)
        #expect(server.requests.count == 1)
    }

    @Test func aBodyOverTheCapIsCutOff() async throws {
        let server = try ScriptedServer { _, connection in
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            for _ in 0..<100 { connection.write(String(repeating: "x", count: 1000)) }
            return .close
        }
        defer { server.stop() }
        let error = try await failure(localClient { $0.maximumResponseBytes = 5_000 }, .get(server.url))
        #expect(error.code == .responseTooLarge)
    }

    @Test func headersWithoutEndAreCutOff() async throws {
        let server = try ScriptedServer { _, connection in
            connection.write("HTTP/1.1 200 OK\r\n")
            for number in 0..<200 { connection.write("x-\(number): \(String(repeating: "x", count: 1000))\r\n") }
            return .close
        }
        defer { server.stop() }
        #expect(try await failure(localClient(), .get(server.url)).code == .responseTooLarge)
    }

    @Test func aReceiverThatNeverAnswersMeetsTheDeadline() async throws {
        let server = try ScriptedServer { _, connection in
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nx")
            connection.waitForPeer()
            return .close
        }
        defer { server.stop() }
        let client = try localClient()
        let error = try await failure(client, DeliveryRequest(url: server.url, deadline: .milliseconds(150)))
        #expect(error.code == .timedOut && error.isRetriable)
    }

    @Test func aClosedOrResetConnectionIsRetriable() async throws {
        for resets in [false, true] {
            let server = try ScriptedServer { _, connection in
                if resets { connection.reset() }
                return .close
            }
            defer { server.stop() }
            let error = try await failure(localClient(), .get(server.url))
            #expect(error.code == .connectionLost && error.isRetriable)
        }
    }

    @Test func aPortWithoutListenerIsAFailedConnection() async throws {
        let server = try ScriptedServer { _, _ in .close }
        server.stop()
        #expect(try await failure(localClient(), .get(server.url)).code == .connectFailed)
    }

    @Test func somethingThatIsNotHTTPIsAViolation() async throws {
        let server = try ScriptedServer { _, connection in
            connection.write("220 mail.example ESMTP\r\n")
            return .close
        }
        defer { server.stop() }
        #expect(try await failure(localClient(), .get(server.url)).code == .protocolViolation)
    }

    @Test func cancellingTheTaskClosesTheConnection() async throws {
        let arrived = Signal()
        let gone = Signal()
        let server = try ScriptedServer { _, connection in
            arrived.send()
            connection.waitForPeer()
            gone.send()
            return .close
        }
        defer { server.stop() }
        let client = try localClient()
        let url = server.url
        let task = Task { try await client.send(.get(url)) }
        #expect(await arrived.wait(atMost: .seconds(10)))
        task.cancel()
        await #expect(throws: DeliveryError(.cancelled, "the caller gave up")) { try await task.value }
        #expect(await gone.wait(atMost: .seconds(10)))
    }

    @Test func aTaskThatIsAlreadyCancelledDoesNotHang() async throws {
        let server = try ScriptedServer { _, connection in
            connection.waitForPeer()
            return .close
        }
        defer { server.stop() }
        let client = try localClient()
        let url = server.url
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.send(.get(url))
        }
        await #expect(throws: DeliveryError(.cancelled, "the caller gave up")) { try await task.value }
    }

    @Test func closingFailsWhatIsUnderWayAndWhatComesLater() async throws {
        let arrived = Signal()
        let server = try ScriptedServer { _, connection in
            arrived.send()
            connection.waitForPeer()
            return .close
        }
        defer { server.stop() }
        let client = try localClient()
        let url = server.url
        let task = Task { try await client.send(.get(url)) }
        #expect(await arrived.wait(atMost: .seconds(10)))
        client.close()
        client.close()
        await #expect(throws: DeliveryError.self) { try await task.value }
        #expect(try await failure(client, .get(url)).code == .closed)
    }

    @Test func aNameThatResolvesToThisMachineIsForbiddenBeforeAnyConnection() async throws {
        let server = try ScriptedServer { _, connection in
            connection.respond("200 OK")
            return .close
        }
        defer { server.stop() }
        let client = try HTTPClient(HTTPClientConfiguration(allowsPlainHTTP: true), logger: Self.logger)
        for host in ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1"] {
            let error = try await failure(client, .get("http://\(host):\(server.port)/"))
            #expect(error.code == .addressForbidden, "\(host): \(error)")
        }
        #expect(server.connections == 0)
    }

    @Test func plainHTTPCredentialsAndOtherSchemesAreRefused() async throws {
        let strict = try HTTPClient(logger: Self.logger)
        let local = try localClient()
        #expect(try await failure(strict, .get("http://example.com/")).code == .invalidRequest)
        for url in [
            "https://user:secret@example.com/", "https://user@example.com/", "file:///etc/passwd",
            "gopher://example.com/",
            "//example.com/", "example.com", "https://", "https://exa mple.com/", "http://例子.cn/",
            "https://example.com/" + String(repeating: "a", count: 2048),
        ] {
            #expect(try await failure(local, .get(url)).code == .invalidRequest, "\(url)")
        }
    }

    @Test func headersCannotSmuggleOthers() async throws {
        let client = try localClient()
        for header in [HTTPHeader("x", "a\r\nhost: evil"), HTTPHeader("x: y", "a"), HTTPHeader("", "a")] {
            #expect(try await failure(client, .get("http://127.0.0.1:1/", headers: [header])).code == .invalidRequest)
        }
    }
}
