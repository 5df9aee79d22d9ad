/// The answer to "may this person do this to that".
public enum Decision: Hashable, Sendable {
    case allowed
    /// The role never may: 403, which says nothing about the record.
    case denied
    /// The role may, but not to this record: 404, so that nobody learns what exists in another area (domain §6, art 4).
    case hidden
}
