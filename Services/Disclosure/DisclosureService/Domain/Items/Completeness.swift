import Contracts

/// Which of the nine categories of art 6 are public.
struct Completeness: Hashable, Sendable {
    let present: [DisclosureCategory]

    init(_ published: some Sequence<DisclosureCategory>) {
        let set = Set(published)
        present = DisclosureCategory.allCases.filter(set.contains)
    }

    var missing: [DisclosureCategory] { DisclosureCategory.allCases.filter { !present.contains($0) } }
    var total: Int { DisclosureCategory.allCases.count }

    /// What is known of the current items of one category.
    struct Current: Sendable {
        let category: DisclosureCategory
        let hasDirector: Bool
    }

    /// A category counts when it has a current item (or "not applicable"). Large canteens need a food safety director
    /// (企业落实食品安全主体责任监督管理规定 art 4): without one D4 is not complete.
    init(current: [Current], schoolType: SchoolType, diners: Int) {
        let needsDirector = Self.needsDirector(schoolType, diners: diners)
        self.init(
            current.filter { $0.category != .d4 || $0.hasDirector || !needsDirector }.map(\.category))
    }

    /// From 500 diners, in kindergartens from 300 (domain §6, D4).
    static func needsDirector(_ type: SchoolType, diners: Int) -> Bool {
        diners >= (type == .kindergarten ? 300 : 500)
    }
}
