/// A request to another machine. (Not named `HTTPRequest`: Hummingbird exports a type of that name.)
public struct DeliveryRequest: Sendable {
    public var method: String
    public var url: String
    public var headers: [HTTPHeader]
    public var body: [UInt8]
    /// From the call to the last byte of the response; nil = the client's default.
    public var deadline: Duration?
    /// Cap of the response body; nil = the client's default.
    public var maximumResponseBytes: Int?

    public init(
        method: String = "GET", url: String, headers: [HTTPHeader] = [], body: [UInt8] = [],
        deadline: Duration? = nil, maximumResponseBytes: Int? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.deadline = deadline
        self.maximumResponseBytes = maximumResponseBytes
    }

    public static func get(_ url: String, headers: [HTTPHeader] = []) -> DeliveryRequest {
        DeliveryRequest(url: url, headers: headers)
    }

    public static func post(
        _ url: String, contentType: String, body: [UInt8], headers: [HTTPHeader] = []
    ) -> DeliveryRequest {
        DeliveryRequest(
            method: "POST", url: url, headers: [HTTPHeader("content-type", contentType)] + headers, body: body)
    }
}
