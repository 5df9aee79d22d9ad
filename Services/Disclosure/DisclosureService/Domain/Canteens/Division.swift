/// The seven county-level divisions of the city (GB/T 2260).
struct Division: Hashable, Sendable {
    let code: String
    let zh: String
    let en: String

    static let all = [
        Division(code: "440703", zh: "蓬江区", en: "Pengjiang"),
        Division(code: "440704", zh: "江海区", en: "Jianghai"),
        Division(code: "440705", zh: "新会区", en: "Xinhui"),
        Division(code: "440781", zh: "台山市", en: "Taishan"),
        Division(code: "440783", zh: "开平市", en: "Kaiping"),
        Division(code: "440784", zh: "鹤山市", en: "Heshan"),
        Division(code: "440785", zh: "恩平市", en: "Enping"),
    ]

    static func named(_ code: String) -> Division? { all.first { $0.code == code } }
}
