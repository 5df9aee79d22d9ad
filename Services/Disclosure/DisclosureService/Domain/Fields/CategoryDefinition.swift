import Access
import Contracts

/// What a category of art 6 consists of and who answers for it.
struct CategoryDefinition: Sendable {
    enum Owner: String, Sendable {
        /// Copied from the register, never typed.
        case registry
        /// Only an organ publishes it; a school may reply.
        case regulator
        case school
    }

    let category: DisclosureCategory
    let owner: Owner
    let fields: [FieldDefinition]
    /// Publishing a new item takes the place of the one before (D1, D2, D3).
    let isSingle: Bool
    let allowsNotApplicable: Bool
    let validity: Bilingual
    /// Where the rule comes from.
    let source: String

    func field(_ name: String) -> FieldDefinition? { fields.first { $0.name == name } }

    /// Who may prepare an item.
    var draftAction: Action {
        switch owner {
        case .registry, .school: .draftSchoolItems
        case .regulator: publishAction
        }
    }

    /// Who may publish, return and withdraw.
    var publishAction: Action {
        switch category {
        case .d1, .d2: .publishLicenceAndRating
        case .d8: .publishInspection
        case .d3, .d4, .d5, .d6, .d7, .d9: .publishSchoolItems
        }
    }

    /// The school may reply to and contest it.
    var isFinding: Bool { owner == .regulator }

    static func of(_ category: DisclosureCategory) -> CategoryDefinition {
        switch category {
        case .d1: licence
        case .d2: rating
        case .d3: pledge
        case .d4: officers
        case .d5: health
        case .d6: additives
        case .d7: purchases
        case .d8: inspections
        case .d9: selfChecks
        }
    }
}
