/// Nobody is signed in where somebody must be: 401 for programs, the way to the login for browsers.
struct SignInRequired: Error {
    enum Login: Sendable {
        case staff
        case parents
    }

    let login: Login
    let tokenExpired: Bool
}
