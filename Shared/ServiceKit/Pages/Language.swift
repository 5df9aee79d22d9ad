/// Languages of pages and of problem details. Chinese unless the client asks for English.
public enum Language: String, CaseIterable, Codable, Hashable, Sendable {
    case zh
    case en

    /// The value for `<html lang>` and `Content-Language`.
    public var tag: String {
        switch self {
        case .zh: "zh-CN"
        case .en: "en"
        }
    }

    /// The first language of ours in `Accept-Language` (RFC 9110 §12.5.4), by weight, then by order; Chinese when none is.
    public init(acceptLanguage header: String?) {
        var best: (language: Language, weight: Double)?
        for part in (header ?? "").prefix(512).split(separator: ",") {
            let pieces = part.split(separator: ";").map { $0.trimmingPrefix(while: \.isWhitespace) }
            guard let tag = pieces.first?.lowercased(), let language = Self.language(of: tag) else { continue }
            var weight = 1.0
            for piece in pieces.dropFirst() where piece.hasPrefix("q=") {
                weight = Double(piece.dropFirst(2).prefix { $0.isNumber || $0 == "." }) ?? 0
            }
            if weight > 0, weight > (best?.weight ?? 0) { best = (language, weight) }
        }
        self = best?.language ?? .zh
    }

    private static func language(of tag: String) -> Language? {
        let primary = tag.prefix { $0 != "-" && !$0.isWhitespace }
        return Language(rawValue: String(primary))
    }
}
