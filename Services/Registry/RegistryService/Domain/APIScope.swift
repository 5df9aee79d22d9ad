import Access
import Contracts

/// What programs may be allowed to read, and for whom they can stand.
public enum APIScope {
    /// Reading, and receipt and answer of bulletins; nothing with persons or pictures in it.
    public static let offered: [Action] = [
        .seeRegister, .confirmAccess, .seeProblem, .seeLedger, .readBulletins, .answerBulletins,
    ]

    /// The role of an organ's programs; nil for organs that have none.
    static func role(of organ: Organ) -> Role? {
        switch (organ.department, organ.level) {
        case (.marketSupervision, .city): .cityRegulator
        case (.marketSupervision, .county): .countyRegulator
        case (.marketSupervision, .station): .stationOfficer
        case (.education, .city), (.education, .county): .educationOfficer
        case (.humanResources, .city), (.humanResources, .county): .hrOfficer
        default: nil
        }
    }
}
