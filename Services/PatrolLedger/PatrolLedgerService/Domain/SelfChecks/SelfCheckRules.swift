import Contracts

/// Who owes which self-check, and from when on identical reports are conspicuous. Versioned data, like the rule set.
struct SelfCheckRules: Codable, Hashable, Sendable {
    struct Roles: Codable, Hashable, Sendable {
        /// 日管控: the food safety administrator (食品安全员); the principal may stand in.
        var daily: [Role]
        /// 周排查: the food safety director (食品安全总监) or administrator.
        var weekly: [Role]
        /// 月调度: the principal presides and signs.
        var monthly: [Role]
    }

    var id: String
    var version: Int
    var source: String
    var roles: Roles
    /// So many reports in a row with the same words are flagged `copied_text`.
    var copiedTextReports: Int
    /// So many reports in a row without a finding and without a word are flagged `always_clear`.
    var alwaysClearReports: Int
    /// A self-check that could only be generated after its period (the platform was down) is due so much later.
    var graceHours: Int

    /// The rules that are built in.
    static func builtIn() throws -> SelfCheckRules {
        try EventJSON.decode(from: PackageResources.self_checks_2022_60_json)
    }

    func roles(_ period: SelfCheckPeriod) -> [Role] {
        switch period {
        case .daily: roles.daily
        case .weekly: roles.weekly
        case .monthly: roles.monthly
        }
    }

    /// Flags for a report that is the `run`-th in a row to say the same.
    func flags(run: Int, hasText: Bool) -> [SelfCheckFlag] {
        if hasText { return run >= copiedTextReports ? [.copiedText] : [] }
        return run >= alwaysClearReports ? [.alwaysClear] : []
    }
}

/// What makes a report conspicuous; it is shown, never judged.
enum SelfCheckFlag: String, Codable, Hashable, CaseIterable, Sendable {
    /// The same words several times in a row (复制粘贴).
    case copiedText = "copied_text"
    /// Nothing found and nothing written, many times in a row.
    case alwaysClear = "always_clear"
}
