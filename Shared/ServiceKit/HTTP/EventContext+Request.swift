import Contracts
import Journal

extension BrightContext {
    /// For journal entries caused by this request: the signed-in person, its correlation id and trace.
    /// 401 when nobody is signed in.
    public func eventContext() throws -> EventContext {
        let principal = try requirePrincipal()
        let actor: Actor =
            principal.role == .parentRepresentative
            ? .representative(RepresentativeID(rawValue: principal.personId.rawValue)) : .person(principal.personId)
        return eventContext(actor: actor)
    }

    /// With another actor, e.g. `.system("video-authorisation")`.
    public func eventContext(actor: Actor) -> EventContext {
        EventContext(actor: actor, correlationId: correlationId, causationId: nil, traceparent: trace.header)
    }
}
