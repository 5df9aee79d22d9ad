import Access
import Calendar
import Concurrency
import Contracts
import Journal
import Postgres

/// Where commands of this service are carried out: what they need, and who may give them.
/// One extension per subject: planning, viewing, checklists, evidence, closing, problems.
struct PatrolDesk: Sendable {
    let pool: PostgresPool
    let clock: any WallClock
    /// All versions of the rules; `rules` are those of today.
    let book: RuleBook
    let alertCodes: AlertCodes
    let checklist: Checklist
    let calendar: WorkingCalendar
    let capture: StreamCapture
    let photographs: PhotographIntake
    let vault: EvidenceVault
    let selfCheckRules: SelfCheckRules
    /// `RECORDING_DAYS`: how long recorders keep recordings.
    let recordingDays: Int
    /// Proofs over this service's own journal.
    let log: JournalLog
    /// The transaction in which commands run when a caller has already opened one (so that the answer to a repeated
    /// request is stored with the command's effect); nil = each command opens its own.
    private(set) var ambient: PostgresTransaction?

    init(
        pool: PostgresPool, clock: any WallClock, book: RuleBook, alertCodes: AlertCodes, checklist: Checklist,
        calendar: WorkingCalendar, capture: StreamCapture, photographs: PhotographIntake, vault: EvidenceVault,
        selfCheckRules: SelfCheckRules, recordingDays: Int
    ) {
        self.pool = pool
        self.clock = clock
        self.book = book
        self.alertCodes = alertCodes
        self.checklist = checklist
        self.calendar = calendar
        self.capture = capture
        self.photographs = photographs
        self.vault = vault
        self.selfCheckRules = selfCheckRules
        self.recordingDays = recordingDays
        log = JournalLog(service: PatrolLedgerService.description.name, database: pool)
    }

    /// The rules in force today.
    var rules: RuleSet { book.rules(on: LocalDate(clock.now())) }

    /// The same desk, its commands part of the given transaction.
    func within(_ transaction: PostgresTransaction) -> PatrolDesk {
        var desk = self
        desk.ambient = transaction
        return desk
    }

    func inTransaction<T: Sendable>(
        _ body: @Sendable (PostgresTransaction) async throws -> T
    ) async throws -> T {
        if let ambient { return try await body(ambient) }
        return try await pool.transaction(body)
    }

    /// A person who acts, with what the journal keeps about the request.
    struct Caller: Sendable {
        var principal: Principal
        var context: EventContext

        var person: PersonID { principal.personId }
    }

    /// An officer whose appointment was checked today.
    struct Officer: Sendable {
        var caller: Caller
        var organ: OrganRecord

        var person: PersonID { caller.person }
    }

    /// The caller as a patroller of their own organ. 403 for every other role and for a person who is not appointed
    /// (指定专人): a token alone is not enough, the appointment must be running.
    func officer(_ caller: Caller, _ executor: some PostgresExecutor) async throws -> Officer {
        guard AccessPolicy().decide(caller.principal, .runPatrol) == .allowed, let organId = caller.principal.organId
        else {
            throw Self.roleRefused
        }
        let appointed = try await executor.isAppointed(
            caller.person, role: caller.principal.role, organ: organId, on: LocalDate(clock.now()))
        guard appointed, let organ = try await executor.organ(organId) else {
            throw Refusal.forbidden(
                "not_appointed", zh: "您未被指定为本机构的巡查人员", en: "You are not appointed to patrol for this organ")
        }
        return Officer(caller: caller, organ: organ)
    }

    /// An open patrol of the officer's own organ, locked. Another organ's patrol does not exist for them.
    func ownPatrol(
        _ id: PatrolID, _ officer: Officer, _ transaction: PostgresTransaction
    ) async throws -> PatrolRecord {
        guard let patrol = try await transaction.lockPatrol(id), patrol.organId == officer.organ.organId else {
            throw Self.noPatrol
        }
        return patrol
    }

    /// The same, and in progress.
    func runningPatrol(
        _ id: PatrolID, _ officer: Officer, _ transaction: PostgresTransaction
    ) async throws -> PatrolRecord {
        let patrol = try await ownPatrol(id, officer, transaction)
        _ = try patrol.state.after(.work)
        return patrol
    }

    /// The canteen as part of the patrol.
    func visitedCanteen(
        _ id: CanteenID, in patrol: PatrolID, _ executor: some PostgresExecutor
    ) async throws -> CanteenRecord {
        let visits = try await executor.visits(of: patrol)
        guard visits.contains(where: { $0.canteenId == id }), let canteen = try await executor.canteen(id) else {
            throw Refusal.notFound("该食堂不在本次巡查范围内", "This canteen is not part of the patrol")
        }
        return canteen
    }

    static let roleRefused = Refusal.forbidden("forbidden", zh: "您的角色无权进行此操作", en: "Your role may not do this")
    static let noPatrol = Refusal.notFound("没有这次巡查", "There is no such patrol")
}
