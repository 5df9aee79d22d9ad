import Access
import Contracts

/// Which organs' endpoints an event may go to: those whose officers may see the problem themselves. Asked of the one
/// decision function, so that a webhook never shows more than a page.
enum Jurisdiction {
    static func covers(_ organ: Organ, _ canteen: Canteen, policy: AccessPolicy) -> Bool {
        guard let role = role(in: organ) else { return false }
        let officer = Principal(
            personId: PersonID("endpoint"), role: role, organId: organ.id, organLevel: organ.level,
            department: organ.department, divisionCode: organ.divisionCode)
        return policy.decide(officer, .seeProblem, on: canteen.resource, intent: .read) == .allowed
    }

    private static func role(in organ: Organ) -> Role? {
        switch (organ.department, organ.level) {
        case (.marketSupervision, .city): .cityRegulator
        case (.marketSupervision, .county): .countyRegulator
        case (.marketSupervision, .station): .stationOfficer
        case (.education, .city), (.education, .county): .educationOfficer
        case (.humanResources, .city), (.humanResources, .county): .hrOfficer
        case (.education, .station), (.humanResources, .station): nil
        }
    }
}
