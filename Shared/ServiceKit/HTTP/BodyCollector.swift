import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Collects the bytes that a response would send.
final class BodyCollector: Sendable {
    private struct Writer: ResponseBodyWriter {
        let collector: BodyCollector

        mutating func write(_ buffer: ByteBuffer) async throws {
            collector.collected.withLock { $0.append(contentsOf: buffer.readableBytesView) }
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    private let collected = Mutex<[UInt8]>([])

    var bytes: [UInt8] { collected.withLock { $0 } }
    func writer() -> any ResponseBodyWriter { Writer(collector: self) }
}
