/// Everything that somebody may want to do, one case per row of the access matrix (domain §7.4).
///
/// Rows of the table whose marks carry a restriction ("apply", "draft", "D8", "urge") are split, so that a mark means the
/// same thing in every row.
public enum Action: String, CaseIterable, Codable, Hashable, Sendable {
    /// Register canteens and caterers; import rosters.
    case registerCanteen = "register_canteen"
    /// A school or caterer applies to be registered.
    case applyForRegistration = "apply_for_registration"
    /// Confirm that a canteen is connected; check a camera's first frame.
    case confirmAccess = "confirm_access"
    /// Publish D1 (licence) and D2 (rating).
    case publishLicenceAndRating = "publish_licence_and_rating"
    /// Publish D8 (supervision checks).
    case publishInspection = "publish_inspection"
    /// Publish D3–D7 and D9.
    case publishSchoolItems = "publish_school_items"
    /// Prepare D3–D7 and D9 for a responsible person to publish.
    case draftSchoolItems = "draft_school_items"
    /// Answer a published check or a problem.
    case replyToFinding = "reply_to_finding"
    /// Read problems with their evidence.
    case seeProblem = "see_problem"
    /// Say what was done about a problem: cause, measure, prevention, photographs.
    case submitRectification = "submit_rectification"
    /// Accept or return a rectification, close a problem.
    case acceptRectification = "accept_rectification"
    /// Start, carry out and close an online patrol; capture evidence.
    case runPatrol = "run_patrol"
    /// See plans, open patrols and weekly obligations. Never a school (flying checks, 监督检查管理办法 art 46).
    case seePatrolPlan = "see_patrol_plan"
    /// Read the numbered patrol ledger (台账).
    case seeLedger = "see_ledger"
    /// Watch a camera live.
    case liveView = "live_view"
    /// Work on device faults and enter planned outages (art 9).
    case handleFault = "handle_fault"
    /// Watch or export recordings. A reason is recorded (公共安全视频图像信息系统管理条例 art 16(2)).
    case playback
    /// Issue a bulletin (通报).
    case issueBulletin = "issue_bulletin"
    /// Urge a school (催办).
    case urge
    /// Read bulletins addressed to one's own organ.
    case readBulletins = "read_bulletins"
    /// Give the receipt (签收) of a bulletin addressed to one's own organ, and answer it (答复).
    case answerBulletins = "answer_bulletins"
    /// Invite representatives, grant and revoke.
    case manageParents = "manage_parents"
    /// Invite guests (press, delegates) to watch for a limited time.
    case inviteGuests = "invite_guests"
    /// Decide about parents' feedback: pass it on, refuse it, confirm it (查实).
    case moderateFeedback = "moderate_feedback"
    /// Read one's own organ's or school's inbox.
    case readInbox = "read_inbox"
    /// Register, pause and test one's own organ's webhook endpoints.
    case manageWebhooks = "manage_webhooks"
    /// Change quotas, deadlines and windows (two persons).
    case changeRules = "change_rules"
    /// Plan and record training (art 11), see who is trained.
    case manageTraining = "manage_training"
    /// State of the services; replay what was set aside (system administrator).
    case operate
    /// Technical state of accounts: create, lock, unlock (system administrator).
    case manageAccounts = "manage_accounts"
    /// Give and take roles, register programs of departments and integrators (security administrator).
    case grantRoles = "grant_roles"
    /// Read the register of canteens and cameras within one's own area.
    case seeRegister = "see_register"
    /// Read the audit log (audit administrator).
    case readAudit = "read_audit"

    /// What a program of an organ may perform for its organ, where a scope of its own names it: the acts that the
    /// organ's own system records and answers for. Everything else a program only reads.
    public static let performedByPrograms: Set<Action> = [.answerBulletins]
}
