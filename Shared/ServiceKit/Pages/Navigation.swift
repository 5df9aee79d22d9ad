import Access

/// The main navigation of all services, by role: nobody is shown what the matrix refuses.
enum Navigation {
    struct Entry {
        let item: NavigationItem
        let isCurrent: Bool
    }

    static let items: [NavigationItem] = [
        NavigationItem(key: "disclosure", path: "/disclosure/") { _ in true },
        item("publishing", "/disclosure/desk", .draftSchoolItems, .perform),
        item("oversight", "/disclosure/oversight", .publishInspection, .read),
        item("patrol", "/patrol/", .seePatrolPlan, .read),
        item("school_tasks", "/patrol/school", .draftSchoolItems, .perform),
        item("self_checks", "/patrol/self-checks", .seeRegister, .read),
        item("problems", "/patrol/problems", .seeProblem, .read),
        item("ledger", "/patrol/ledger", .seeLedger, .read),
        item("assessments", "/patrol/assessments", .urge, .read),
        item("dashboard", "/registry/dashboard", .confirmAccess, .read),
        item("tasks", "/registry/tasks", .confirmAccess, .perform),
        item("access", "/registry/access", .confirmAccess, .read),
        item("school_access", "/registry/school", .draftSchoolItems, .perform),
        item("canteens", "/registry/canteens", .confirmAccess, .read),
        item("training", "/registry/training", .manageTraining, .read),
        item("faults", "/registry/faults", .handleFault, .read),
        item("representatives", "/parent/school", .manageParents, .perform),
        item("feedback", "/parent/moderation", .moderateFeedback, .read),
        item("parent_rules", "/parent/city-rules", .changeRules, .read),
        item("playback", "/parent/playback", .playback, .perform),
        item("guests", "/parent/guests", .inviteGuests, .perform),
        item("school_feedback", "/parent/school/feedback", .replyToFinding, .perform),
        item("inbox", "/notification/inbox", .readInbox, .perform),
        item("bulletins", "/notification/bulletins", .readBulletins, .read),
        item("deliveries", "/notification/ledger", .readBulletins, .read),
        item("webhooks", "/notification/webhooks", .manageWebhooks, .perform),
        item("accounts", "/registry/accounts", .manageAccounts, .perform),
        item("operations", "/registry/operations", .operate, .read),
        item("roles", "/registry/roles", .grantRoles, .read),
        item("approvals", "/registry/approvals", .grantRoles, .read),
        item("api_clients", "/registry/api-clients", .grantRoles, .read),
        item("audit", "/registry/audit", .readAudit, .perform),
        NavigationItem(key: "parent", path: "/parent/", isShown: isRepresentative),
        NavigationItem(key: "parent_feedback", path: "/parent/feedback", isShown: isRepresentative),
        NavigationItem(key: "parent_views", path: "/parent/views", isShown: isRepresentative),
        NavigationItem(key: "parent_account", path: "/parent/account", isShown: isRepresentative),
    ]

    static func entries(for principal: Principal?, current: String?) -> [Entry] {
        items.filter { $0.isShown(principal) }.map { Entry(item: $0, isCurrent: $0.key == current) }
    }

    private static let isRepresentative: @Sendable (Principal?) -> Bool = { $0?.role == .parentRepresentative }

    private static func item(_ key: String, _ path: String, _ action: Action, _ intent: Intent) -> NavigationItem {
        NavigationItem(key: key, path: path) { principal in
            guard let principal else { return false }
            return AccessPolicy().decide(principal, action, intent: intent) == .allowed
        }
    }
}
