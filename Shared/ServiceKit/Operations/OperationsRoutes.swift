import Calendar
import Contracts
import Hummingbird
import Journal

/// The operator's page (运行状态): readiness, journal, topics, what was set aside, and mending it with one click.
///
/// Every service shows itself under its own prefix; the page asks the other four for theirs through the gateway, with the
/// operator's own session, so no service calls another.
struct OperationsRoutes: Sendable {
    let runtime: ServiceRuntime
    let health: Health
    let subscriptions: [Subscription]
    /// Records of each consumed topic that are not taken in yet; nil where no consumer runs (tests).
    let lags: @Sendable () -> [String: Int64]

    /// Prefixes as the gateway knows them.
    static let services = [
        ("registry", "/registry"), ("disclosure", "/disclosure"), ("patrol-ledger", "/patrol"),
        ("notification", "/notification"), ("parent-access", "/parent"),
    ]

    func declare(_ routes: Routes) {
        routes.get("/operations", .read(.operate), use: show)
        routes.get("/v1/operations", .read(.operate)) { _, _ in try Response.json(try await state()) }
        routes.post("/operations/dead-letters/{id}", .action(.operate), use: replay)
        routes.post("/operations/parked-keys", .action(.operate), use: release)
    }

    private var pages: Pages { runtime.pages }
    private var path: String { "\(runtime.description.pathPrefix)/operations" }
    private var letters: DeadLetters {
        DeadLetters(
            service: runtime.description.name, pool: runtime.pool, subscriptions: subscriptions, logger: runtime.logger)
    }

    func state() async throws -> OperationsState {
        let report = await health.report()
        let store = OperationsStore(pool: runtime.pool)
        return OperationsState(
            service: runtime.description.name, ready: report.ready, checks: report.checks,
            journal: try await store.journal(), deadLetters: try await letters.count(),
            parkedKeys: try await ParkedKeys(database: runtime.pool).list().count, archive: try await store.archive(),
            backups: try await store.backups(limit: Self.shownBackups), topics: try await store.topics(lags: lags()))
    }

    // MARK: page

    private struct Check {
        let name: String
        let isOK: Bool
        let detail: String
    }

    private struct Letter {
        let id: String
        let failedAt: String
        let what: String
        let key: String
        let error: String
        let tries: Int
        let waiting: Int
        let action: String
    }

    private struct Parked {
        let topic: String
        let key: String
        let error: String
        let parkedAt: String
    }

    private struct Backup {
        let name: String
        let finishedAt: String
        let megabytes: String
    }

    private struct Topic {
        let topic: String
        let published: String
        let lag: String
        let isBehind: Bool
        let deadLetters: Int
        let hasDeadLetters: Bool
    }

    private struct Tab {
        let name: String
        let path: String
        let state: String
        let isCurrent: Bool
    }

    private struct Model {
        let tabs: [Tab]
        let service: String
        let isReady: Bool
        let checks: [Check]
        let newest: Int64
        let pending: Int
        let signedSize: Int64
        let signedAt: String?
        let archivedAt: String?
        let isArchiving: Bool
        let isArchiveFailing: Bool
        let backups: [Backup]
        let topics: [Topic]
        let hasTopics: Bool
        let letters: [Letter]
        let hasMore: Bool
        let letterCount: Int
        let parked: [Parked]
        let canOperate: Bool
        let parkedAction: String
        let text: String
    }

    /// Dead letters shown at once; the page says how many there are.
    private static let shownLetters = 50
    private static let shownBackups = 5
    /// Records behind from which a topic is marked: more than one batch of the consumer.
    private static let behindFrom: Int64 = 1_000

    @Sendable private func show(_ request: Request, _ context: BrightContext) async throws -> Response {
        let state = try await state()
        let letters = try await letters.list(limit: Self.shownLetters)
        let parked = try await ParkedKeys(database: runtime.pool).list()
        let model = Model(
            tabs: Self.services.map { name, prefix in
                Tab(
                    name: name, path: "\(prefix)/operations", state: "\(prefix)/v1/operations",
                    isCurrent: name == runtime.description.name)
            },
            service: state.service, isReady: state.ready,
            checks: state.checks.sorted { $0.key < $1.key }.map {
                Check(name: $0.key, isOK: $0.value.ok, detail: $0.value.detail)
            },
            newest: state.journal.newestPosition, pending: state.journal.pending,
            signedSize: state.journal.signedSize, signedAt: state.journal.signedAt?.cityMinute,
            archivedAt: state.archive?.lastArchivedAt?.cityMinute, isArchiving: state.archive != nil,
            isArchiveFailing: state.archive?.isFailing ?? false,
            backups: state.backups.map {
                Backup(
                    name: $0.name, finishedAt: $0.finishedAt.cityMinute, megabytes: String($0.bytes / 1_000_000))
            },
            topics: state.topics.map {
                Topic(
                    topic: $0.topic, published: $0.published.map(String.init) ?? "–",
                    lag: $0.lag.map(String.init) ?? "–", isBehind: ($0.lag ?? 0) > Self.behindFrom,
                    deadLetters: $0.deadLetters, hasDeadLetters: $0.deadLetters > 0)
            },
            hasTopics: !state.topics.isEmpty,
            letters: letters.map { letter in
                Letter(
                    id: String(letter.id), failedAt: letter.failedAt.cityMinute, what: letter.type ?? letter.topic,
                    key: letter.partitionKey ?? "", error: letter.error, tries: letter.tries,
                    waiting: letter.waitingBehind, action: "\(path)/dead-letters/\(letter.id)")
            },
            hasMore: state.deadLetters > letters.count, letterCount: state.deadLetters,
            parked: parked.map {
                Parked(topic: $0.topic, key: $0.partitionKey, error: $0.error, parkedAt: $0.parkedAt.cityMinute)
            },
            canOperate: context.may(.operate), parkedAction: "\(path)/parked-keys",
            text: pages.text("operations.nothing_set_aside", context))
        return try pages.render(
            "bright/operations", context,
            PageMeta(
                title: pages.text("operations.title", context), lead: pages.text("operations.lead", context),
                current: "operations", scripts: ["operations.js"], isWide: true),
            model: model)
    }

    // MARK: mending

    private struct Mended: Encodable {
        let what: String
        let outcome: String
    }

    @Sendable private func replay(_ request: Request, _ context: BrightContext) async throws -> Response {
        let isForm = context.wantsPage
        if isForm { _ = try await request.form(context) }
        guard let text = context.parameters.get("id"), let id = Int64(text), id > 0 else { throw Problem.notFound }
        guard try await letters.show(id) != nil else { throw Problem.notFound }
        try await record("dead_letter.replay_requested", subject: text, context)
        guard let outcome = try await letters.replay(id) else { throw Problem.notFound }
        let said: String
        switch outcome {
        case .replayed(let followers): said = "replayed, \(followers) followed"
        case .alreadyDone: said = "already done"
        case .failedAgain(let error):
            throw Problem.conflict(
                code: "failed_again", zh: "再次失败：\(error)", en: "It failed again: \(error)")
        }
        return isForm ? .seeOther(path) : try Response.json(Mended(what: text, outcome: said))
    }

    private struct Release: Decodable {
        let topic: String
        let partitionKey: String
    }

    @Sendable private func release(_ request: Request, _ context: BrightContext) async throws -> Response {
        let wanted: Release
        let isForm = context.wantsPage
        if isForm {
            var check = try await request.form(context).check()
            wanted = Release(
                topic: check.text("topic", maximum: 249), partitionKey: check.text("partition_key", maximum: 512))
            try check.done()
        } else {
            wanted = try await request.json(Release.self, context)
        }
        let keys = ParkedKeys(database: runtime.pool)
        let isParked = try await keys.list().contains {
            $0.topic == wanted.topic && $0.partitionKey == wanted.partitionKey
        }
        guard isParked else { throw Problem.notFound }
        try await record("parked_key.release_requested", subject: "\(wanted.topic)/\(wanted.partitionKey)", context)
        _ = try await keys.release(topic: wanted.topic, partitionKey: wanted.partitionKey)
        return isForm
            ? .seeOther(path) : try Response.json(Mended(what: wanted.partitionKey, outcome: "released"))
    }

    /// Before it is done: an act that cannot be recorded does not happen.
    private func record(_ fact: String, subject: String, _ context: BrightContext) async throws {
        try await runtime.pool.transaction { tx in
            try await tx.record(
                "brightkitchen.\(runtime.description.eventArea).operations.\(fact).v1", subject: subject,
                data: ["subject": subject], try context.eventContext(), occurredAt: context.now)
        }
    }
}
