import Calendar
import Contracts
import JWTKit

/// Claims of an access token (RFC 9068 in spirit): who, for whom, for how long. Times are whole seconds.
struct TokenClaims: JWTPayload {
    enum CodingKeys: String, CodingKey {
        case issuer = "iss"
        case audience = "aud"
        case subject = "sub"
        case issuedAt = "iat"
        case notBefore = "nbf"
        case expiry = "exp"
        case tokenId = "jti"
        case role
        case organId = "organ_id"
        case organLevel = "organ_level"
        case department
        case divisionCode = "division_code"
        case schoolId = "school_id"
        case session = "sid"
        case scope
        case training
    }

    var issuer: String
    var audience: String
    var subject: PersonID
    var issuedAt: Int64
    var notBefore: Int64
    var expiry: Int64
    var tokenId: String
    var role: Role
    var organId: OrganID?
    var organLevel: OrganLevel?
    var department: Department?
    var divisionCode: String?
    var schoolId: SchoolID?
    /// The browser session the token belongs to (OpenID Connect's `sid`), so that one session can be revoked.
    var session: String?
    /// RFC 8693: the actions a program may read, separated by spaces. Present in every program's token.
    var scope: String?
    /// Present only where training is missing.
    var training: TrainingShortfall?

    /// Times, issuer and audience are checked by `TokenVerifier`, which knows the clock.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    var principal: Principal {
        Principal(
            personId: subject, role: role, organId: organId, organLevel: organLevel, department: department,
            divisionCode: divisionCode, schoolId: schoolId,
            scopes: scope.map { Set($0.split(separator: " ").compactMap { Action(rawValue: String($0)) }) },
            training: training)
    }
}
