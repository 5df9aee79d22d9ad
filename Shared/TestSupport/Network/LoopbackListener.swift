import Foundation

/// Accepts TCP connections on a free port of the loopback interface; each is served by a thread of its own.
public final class LoopbackListener: Sendable {
    public let port: Int
    private let listener: Int32

    /// - Parameter serve: gets the connected socket, which is closed when it returns.
    public init(_ serve: @escaping @Sendable (Int32) -> Void) throws {
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
        Thread.detachNewThread {
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                Thread.detachNewThread {
                    serve(client)
                    close(client)
                }
            }
        }
    }

    public func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}
