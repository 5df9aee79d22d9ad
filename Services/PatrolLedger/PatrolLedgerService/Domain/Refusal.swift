/// Why a command was not carried out: a stable code for machines, a sentence in both languages for people.
/// The edge turns it into problem+json or an error page.
struct Refusal: Error, Hashable {
    enum Kind: String, Hashable {
        /// No such thing, or not in the area of the person who asks (the two must look alike).
        case notFound
        case forbidden
        /// The thing is in a state that does not allow it.
        case conflict
        /// It was there and is not any more.
        case gone
        /// The input is wrong.
        case unprocessable
        /// Something outside (camera, recorder, ffmpeg) failed.
        case unavailable
    }

    let kind: Kind
    /// Snake case, part of the interface.
    let code: String
    /// The input field that is wrong, where there is one.
    let field: String?
    let zh: String
    let en: String

    init(_ kind: Kind, _ code: String, field: String? = nil, zh: String, en: String) {
        self.kind = kind
        self.code = code
        self.field = field
        self.zh = zh
        self.en = en
    }
}

extension Refusal {
    static func notFound(_ zh: String, _ en: String) -> Refusal {
        Refusal(.notFound, "not_found", zh: zh, en: en)
    }

    static func forbidden(_ code: String, zh: String, en: String) -> Refusal {
        Refusal(.forbidden, code, zh: zh, en: en)
    }

    static func conflict(_ code: String, zh: String, en: String) -> Refusal {
        Refusal(.conflict, code, zh: zh, en: en)
    }

    static func input(_ code: String, field: String, zh: String, en: String) -> Refusal {
        Refusal(.unprocessable, code, field: field, zh: zh, en: en)
    }

    static func unavailable(_ code: String, zh: String, en: String) -> Refusal {
        Refusal(.unavailable, code, zh: zh, en: en)
    }
}
