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

    public let port: Int
    private let listener: Int32
    private let state = Mutex((connections: 0, requests: [String]()))

    public var connections: Int { state.withLock { $0.connections } }
    public var requests: [String] { state.withLock { $0.requests } }
    public var url: String { "http://127.0.0.1:\(port)/" }

    public init(_ script: @escaping Script) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port: UInt16? = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard bind(listener, $0, length) == 0, listen(listener, 512) == 0,
                    getsockname(listener, $0, &length) == 0
                else { return nil }
                return UnsafeRawPointer($0).loadUnaligned(as: sockaddr_in.self).sin_port.byteSwapped
            }
        }
        guard let port else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EINVAL) }
        self.port = Int(port)
        Thread.detachNewThread { [self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                state.withLock { $0.connections += 1 }
                Thread.detachNewThread { [self] in
                    while let request = readRequest(client) {
                        state.withLock { $0.requests.append(request) }
                        if script(request, Connection(socket: client)) == .close { break }
                    }
                    Foundation.close(client)
                }
            }
        }
    }

    public func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func readRequest(_ client: Int32) -> String? {
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
