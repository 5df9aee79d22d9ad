/// Why somebody is not signed in.
enum SignInRefusal: Error {
    /// Unknown login, wrong password, locked account, appointment not in force: one answer for all.
    case wrongCredentials
    /// The password was right, the code was not, or it was used before.
    case wrongCode
    /// A program gave a right password and no code.
    case codeRequired
    /// A program's account has no second factor yet: it is enrolled in the browser.
    case notEnrolled
    /// A program's account still has its first password.
    case passwordChangeRequired
    /// The ten minutes between password and code are over, or five codes were wrong.
    case startAgain
    case blocked(seconds: Int)
    case overloaded
}
