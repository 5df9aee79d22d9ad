import HTTPTypes
import Hummingbird
import ServiceKit

extension Request {
    /// Where this sign-in comes from.
    var visit: Visit {
        Visit(
            address: clientAddress, agent: ClientAgent.label(headers[.userAgent]),
            formerSession: cookies[CookieName.session]?.value)
    }
}
