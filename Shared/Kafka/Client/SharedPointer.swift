/// A pointer to an object of librdkafka that may be used from any thread while its owner keeps it alive.
struct SharedPointer: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }
}
