import Foundation
import Synchronization

/// A TCP server on the loopback interface that does to each HTTP request whatever the test tells it, good or hostile.
public final class ScriptedServer: Sendable {
    /// The connection as the script sees it. Used by one thread.
    public struct Connection {
        let socket: Int32

        public func write(_ text: String) {
            _ = text.withCString { send(socket, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
        }

        public func respond(_ status: String, headers: [String] = [], body: String = "") {
            let lines = ["HTTP/1.1 \(status)", "content-length: \(body.utf8.count)"] + headers
            write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        }

        /// Blocks until the peer closed its side.
        public func waitForPeer() {
            var byte: UInt8 = 0
            while recv(socket, &byte, 1, 0) > 0 {}
        }

        /// Closes so that the peer sees a reset.
        public func reset() {
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Foundation.linger>.size))
        }
    }

    public enum After { case keepAlive, close }
    public typealias Script = @Sendable (_ request: String, Connection) -> After

    private struct Seen {
        var connections = 0
        var requests: [String] = []
    }

    /// What was seen is shared with the connections' threads, which may begin before `init` ends.
    private final class Log: Sendable {
        let seen = Mutex(Seen())
    }

    private let log: Log
    private let listener: LoopbackListener

    public var port: Int { listener.port }
    public var connections: Int { log.seen.withLock { $0.connections } }
    public var requests: [String] { log.seen.withLock { $0.requests } }
    public var url: String { "http://127.0.0.1:\(port)/" }

    public init(_ script: @escaping Script) throws {
        let log = Log()
        self.log = log
        listener = try LoopbackListener { client in
            log.seen.withLock { $0.connections += 1 }
            while let request = Self.readRequest(client) {
                log.seen.withLock { $0.requests.append(request) }
                if script(request, Connection(socket: client)) == .close { break }
            }
        }
    }

    public func stop() { listener.stop() }

    private static func readRequest(_ client: Int32) -> String? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let length = text.lowercased().firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
                if text[end.upperBound...].utf8.count >= length { return text }
            }
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes.append(contentsOf: buffer[0..<count])
        }
    }
}
