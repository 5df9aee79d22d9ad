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
}
