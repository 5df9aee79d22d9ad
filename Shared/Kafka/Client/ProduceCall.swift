import CRDKafka

/// `rd_kafka_produceva` for one record: the variadic forms cannot be called from Swift.
enum ProduceCall {
    /// Copies the record into librdkafka's queue. On success librdkafka owns `opaque` until the delivery report.
    static func produce(
        _ client: OpaquePointer, _ record: KafkaRecord, opaque: UnsafeMutableRawPointer
    ) -> KafkaError? {
        let headers = makeHeaders(record.headers)
        let error = record.topic.withCString { topic in
            withBytes(record.key) { key in
                withBytes(record.value) { value in
                    var arguments: [rd_kafka_vu_t] = []
                    arguments.append(argument(RD_KAFKA_VTYPE_TOPIC) { $0.cstr = topic })
                    arguments.append(
                        argument(RD_KAFKA_VTYPE_KEY) { u in
                            u.mem.ptr = key.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }
                            u.mem.size = key.count
                        })
                    arguments.append(
                        argument(RD_KAFKA_VTYPE_VALUE) { u in
                            u.mem.ptr = value.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }
                            u.mem.size = value.count
                        })
                    arguments.append(argument(RD_KAFKA_VTYPE_MSGFLAGS) { $0.i = RD_KAFKA_MSG_F_COPY })
                    arguments.append(argument(RD_KAFKA_VTYPE_OPAQUE) { $0.ptr = opaque })
                    if let headers { arguments.append(argument(RD_KAFKA_VTYPE_HEADERS) { $0.headers = headers }) }
                    return KafkaError(consuming: rd_kafka_produceva(client, arguments, arguments.count))
                }
            }
        }
        if error != nil, let headers { rd_kafka_headers_destroy(headers) }
        return error
    }

    private static func argument(
        _ type: rd_kafka_vtype_t, _ fill: (inout rd_kafka_vu_t.__Unnamed_union_u) -> Void
    ) -> rd_kafka_vu_t {
        var argument = rd_kafka_vu_t()
        argument.vtype = type
        fill(&argument.u)
        return argument
    }

    private static func makeHeaders(_ headers: [KafkaHeader]) -> OpaquePointer? {
        guard !headers.isEmpty, let list = rd_kafka_headers_new(headers.count) else { return nil }
        for header in headers {
            header.value.withUnsafeBytes { value in
                // Fails only for a list that librdkafka made read-only.
                _ = rd_kafka_header_add(list, header.name, -1, value.baseAddress, value.count)
            }
        }
        return list
    }

    /// nil stays a null pointer; an empty array is a non-null pointer of length 0 (an empty value, not a tombstone).
    private static func withBytes<R>(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        guard let bytes else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        guard !bytes.isEmpty else {
            return withUnsafeBytes(of: UInt8(0)) { body(UnsafeRawBufferPointer(rebasing: $0[0..<0])) }
        }
        return bytes.withUnsafeBytes(body)
    }
}
