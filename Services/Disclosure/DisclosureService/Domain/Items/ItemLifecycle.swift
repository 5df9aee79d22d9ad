/// Which step may follow which (domain §6 art 6). Pure.
enum ItemLifecycle {
    enum Step: String, Sendable {
        /// New text for a draft or something returned, or a correction of what is public.
        case edit
        case submit
        case sendBack = "return"
        case publish
        case withdraw
    }

    /// `working`: state of the version in preparation; nil when none is. `current`: of the public version; nil before
    /// the first publication.
    static func allows(_ step: Step, working: ItemState?, current: ItemState?) -> Bool {
        switch step {
        case .edit: working == .draft || working == .returned || (working == nil && current?.canBeCorrected == true)
        case .submit: working == .draft || working == .returned
        case .sendBack: working == .submitted
        case .publish: working != nil
        case .withdraw: current == .published || current == .expired
        }
    }
}

extension ItemState {
    /// A renewed certificate or a mistake found late: the next version, with its reason.
    var canBeCorrected: Bool { self == .published || self == .expired }
}
