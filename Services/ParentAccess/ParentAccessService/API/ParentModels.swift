import ServiceKit

// What the representatives' templates see.

struct LoginModel: Sendable {
    let fields: [FormField]
    let returnPath: String?
    /// The account in use waits in this browser.
    let adds: Bool
    let fault: String?
}

struct AcceptModel: Sendable {
    let path: String
    let codePath: String
    let schoolName: String
    let number: String
    let mobileNumber: String
    let isCodeSent: Bool
    let consentVersion: String
    let fields: [FormField]
    let consentFault: String?
    /// What is wrong with none of the fields: too many codes, no gateway.
    let fault: String?
}

struct ActivatedModel: Sendable {
    let number: String
}

struct CanteenLink: Sendable {
    let name: String
    let path: String
}

struct CameraCard: Sendable {
    let name: String
    let zone: String
    /// Present when it may be watched now.
    let watchPath: String?
    let isCurrent: Bool
    let isOpen: Bool
    /// `开放至 13:00`, or when it opens next, or why there is no picture.
    let note: String
}

struct Player: Sendable {
    let source: String
    let name: String
    let zone: String
    let watermark: String
}

struct ParentHomeModel: Sendable {
    /// School of the other account in this browser; nil: none.
    let otherSchool: String?
    let schoolName: String
    let number: String
    let until: String
    let canteens: [CanteenNewsModel]
    let player: Player?
    /// Why the chosen camera cannot be watched.
    let refusal: String?
    let cameras: [CameraCard]
}

struct ParentAccountModel: Sendable {
    let label: String
    let mobileNumber: String?
    let number: String
    let schoolName: String
    let until: String
    let consents: [ConsentLine]
}

struct ConsentLine: Sendable {
    let version: String
    let acceptedAt: String
}
