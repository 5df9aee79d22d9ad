import Calendar
import Contracts

/// The one decision function of the product: role × organ level × jurisdiction × own or supervised school, or contract on
/// its days. Pure.
public struct AccessPolicy: Sendable {
    private let matrix: AccessMatrix

    public init(matrix: AccessMatrix = .current) {
        self.matrix = matrix
    }

    /// Without a resource the answer is about the role alone ("could this person do this to anything at all"): right for
    /// opening a list, which must then be filtered, and never enough for one record.
    ///
    /// `day`: the day of the question, for relations that hold on certain days only. Without it none of those holds.
    public func decide(
        _ principal: Principal, _ action: Action, on resource: Resource? = nil, intent: Intent = .perform,
        day: LocalDate? = nil
    ) -> Decision {
        // A program reads what its scopes name, never more than the role it stands for, and performs next to nothing.
        if let scopes = principal.scopes {
            let isAllowed = intent == .read || Action.performedByPrograms.contains(action)
            guard isAllowed, scopes.contains(action) else { return .denied }
        }
        guard isCoherent(principal),
            let permission = matrix.permission(of: principal.role, for: action), permission.covers(intent)
        else { return .denied }
        guard let resource else { return .allowed }
        return reaches(permission.scope, principal, resource, day) ? .allowed : .hidden
    }

    /// True where this person must state a reason, which is recorded.
    public func needsReason(_ principal: Principal, _ action: Action) -> Bool {
        matrix.permission(of: principal.role, for: action)?.needsReason ?? false
    }

    /// A role is only good together with the facts that bound it: a station officer of a county organ is nobody.
    private func isCoherent(_ principal: Principal) -> Bool {
        switch principal.role {
        case .cityRegulator: isOfficer(principal, of: .marketSupervision, at: [.city])
        case .countyRegulator: isOfficer(principal, of: .marketSupervision, at: [.county])
        case .stationOfficer: isOfficer(principal, of: .marketSupervision, at: [.station])
        case .educationOfficer: isOfficer(principal, of: .education, at: [.city, .county])
        case .hrOfficer: isOfficer(principal, of: .humanResources, at: [.city, .county])
        case .principal, .safetyLead, .platformOperator, .caterer, .parentRepresentative: principal.schoolId != nil
        case .auditor, .securityAdmin, .systemAdmin: true
        }
    }

    private func isOfficer(_ principal: Principal, of department: Department, at levels: [OrganLevel]) -> Bool {
        guard principal.organId != nil, let code = principal.divisionCode, code.utf8.count == 6,
            let level = principal.organLevel
        else { return false }
        return principal.department == department && levels.contains(level)
    }

    private func reaches(_ scope: Scope, _ principal: Principal, _ resource: Resource, _ day: LocalDate?) -> Bool {
        switch scope {
        case .everything: true
        case .city: isInCity(principal, resource)
        case .county: isInCounty(principal, resource)
        case .station: matches(principal.organId, resource.stationOrganId) || owns(principal, resource)
        case .ownOrgan: owns(principal, resource)
        case .supervised: isSupervised(principal, resource)
        case .ownSchool, .granted: matches(principal.schoolId, resource.schoolId)
        case .ownCaterer:
            matches(principal.schoolId, resource.schoolId)
                || matches(principal.schoolId, resource.catererId) && isUnderContract(resource, day)
        }
    }

    private func isUnderContract(_ resource: Resource, _ day: LocalDate?) -> Bool {
        guard let days = resource.catererDays else { return true }
        return day.map(days.contains) ?? false
    }

    private func owns(_ principal: Principal, _ resource: Resource) -> Bool {
        matches(principal.organId, resource.organId)
    }

    /// A stated organ decides; the division code only where no organ is stated.
    private func isInCity(_ principal: Principal, _ resource: Resource) -> Bool {
        if let city = resource.cityOrganId { return city == principal.organId }
        return resource.divisionCode == nil ? owns(principal, resource) : isSameCity(principal, resource.divisionCode)
    }

    private func isInCounty(_ principal: Principal, _ resource: Resource) -> Bool {
        if let county = resource.countyOrganId { return county == principal.organId }
        if let code = resource.divisionCode { return code == principal.divisionCode }
        return owns(principal, resource)
    }

    private func isSupervised(_ principal: Principal, _ resource: Resource) -> Bool {
        if let department = resource.supervisingDepartment, department != principal.department { return false }
        if matches(principal.organId, resource.supervisingOrganId) { return true }
        guard resource.supervisingDepartment != nil, principal.organLevel == .city else { return false }
        return isSameCity(principal, resource.divisionCode)
    }

    /// The first four of a division's six digits name the city.
    private func isSameCity(_ principal: Principal, _ code: String?) -> Bool {
        guard let code, let own = principal.divisionCode else { return false }
        return code.utf8.count == 6 && code.prefix(4) == own.prefix(4)
    }

    private func matches<ID: Identifier>(_ left: ID?, _ right: ID?) -> Bool {
        guard let left, let right else { return false }
        return left == right && !left.rawValue.isEmpty
    }
}
