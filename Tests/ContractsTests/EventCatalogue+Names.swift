import Contracts

extension EventCatalogue {
    static let names = all.map { $0.type }

    static func type(named name: String) -> (any Event.Type)? { all.first { $0.type == name } }
}
