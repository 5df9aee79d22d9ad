import Contracts
import Postgres

/// A message that this process may send now; nobody else takes it before its lease ends.
struct ClaimedDelivery: Sendable {
    let deliveryId: String
    let endpointId: EndpointID
    let url: String
    let eventType: String
    let isTest: Bool
    /// 1 for the first attempt since it was queued.
    let step: Int
    let attempt: Int
    let body: [UInt8]

    init(from row: Row) throws {
        deliveryId = try row["delivery_id"]
        endpointId = try row["endpoint_id"]
        url = try row["url"]
        eventType = try row["event_type"]
        isTest = try row["is_test"]
        step = try row["step"]
        attempt = try row["attempts"]
        body = try row["body"]
    }
}
