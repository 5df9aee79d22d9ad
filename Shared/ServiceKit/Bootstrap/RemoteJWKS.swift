import Access
import Delivery

/// The registry's JWKS over HTTP.
struct RemoteJWKS: JWKSSource {
    let url: String
    let http: HTTPClient

    func fetchJWKS() async throws -> [UInt8] {
        var request = DeliveryRequest.get(url)
        request.deadline = .seconds(2)
        request.maximumResponseBytes = 65_536
        let response = try await http.send(request)
        guard response.isSuccess else { throw TokenError.keysUnavailable }
        return response.body
    }
}
