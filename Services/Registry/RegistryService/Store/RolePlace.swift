import Contracts
import Postgres
import ServiceKit

/// Organ or institution that a role is attached to, found by the name somebody typed.
enum RolePlace {
    struct Found: Sendable {
        var organ: Organ?
        var school: Institution?
    }

    /// 422 with the field `place` where the name fits nothing, or nothing of the right kind.
    static func find(_ name: String?, for role: Role, _ executor: some PostgresExecutor) async throws -> Found {
        switch role.scope {
        case .platform, nil:
            guard name == nil else {
                throw fault("place_not_allowed", "此角色不属于任何机构，请留空。", "This role belongs to no organ: leave it empty.")
            }
            return Found()
        case .organ(let department, let levels):
            guard let name,
                let organ = try await executor.query(OrganStore.all, OrganStore.decode).first(where: {
                    $0.name == name
                }), organ.department == department, levels.contains(organ.level)
            else {
                throw fault(
                    "organ_unknown", "请填写与角色相符的机构全称。", "Give the full name of an organ that fits the role.")
            }
            return Found(organ: organ)
        case .school, .caterer:
            let matches = try await name.map { try await AccountStore.schools(named: $0, executor) }
            guard let matches, matches.count == 1, (matches[0].type == .caterer) == (role == .caterer) else {
                throw fault(
                    "school_unknown", "请填写已登记单位的全称或统一社会信用代码。",
                    "Give the full name or the credit code of a registered institution.")
            }
            return Found(school: matches[0])
        }
    }

    private static func fault(_ code: String, _ zh: String, _ en: String) -> Problem {
        .invalid("place", code: code, zh: zh, en: en)
    }
}

extension Optional {
    fileprivate func map<Value>(_ body: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let self else { return nil }
        return try await body(self)
    }
}
