/// Why a sign-in through the city's provider failed. The reason is logged; people read that it did not work.
enum FederationError: Error {
    /// The provider does not answer, or not as it should.
    case providerUnavailable(String)
    /// The ID or logout token is not one for us.
    case refusedToken(String)
}
