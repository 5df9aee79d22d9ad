import Access
import Attachments
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// The commands of the desk with who may give them; pages and JSON interface call the same.
struct DeskCommands: Sendable {
    let runtime: ServiceRuntime
    let items: ItemDesk
    let intake: AttachmentIntake

    var pool: PostgresPool { runtime.pool }
    var findings: FindingDesk { FindingDesk(items: items) }

    /// Runs a command once per key, in one transaction.
    func once(
        _ key: String?, _ content: [UInt8], _ context: BrightContext,
        _ command: @escaping @Sendable (PostgresTransaction) async throws -> Response
    ) async throws -> Response {
        let run: @Sendable (PostgresTransaction) async throws -> Response = { transaction in
            try await runtime.idempotency.once(key: key, content: content, context: context, in: transaction) {
                try await command(transaction)
            }
        }
        do {
            return try await pool.transaction(run)
        } catch let error as PostgresError where error.constraint == "item_head_once" {
            throw Refuse.duplicate
        }
    }

    /// The item with its canteen, when this person may do that to it.
    func item(
        _ id: ItemID, _ context: BrightContext, _ action: (CategoryDefinition) -> Action, intent: Intent = .perform
    ) async throws -> (ItemHead, CanteenRecord) {
        guard let head = try await ItemStore.head(id, pool) else {
            _ = try context.requirePrincipal()
            throw Problem.notFound
        }
        let canteen = try await context.canteen(
            head.canteenId, for: action(.of(head.category)), intent: intent, pool)
        return (head, canteen)
    }

    /// Checks a draft and writes it; publishes or submits at once where asked.
    func save(
        _ draft: ItemDraft, as item: ItemID?, _ definition: CategoryDefinition, of canteen: CanteenRecord,
        then step: ItemLifecycle.Step?, key: String?, content: [UInt8], _ context: BrightContext,
        answer: @escaping @Sendable (ItemID, PostgresTransaction) async throws -> Response
    ) async throws -> Response {
        if definition.owner == .registry { throw Self.copied }
        if step == .publish { try context.authorise(definition.publishAction, on: canteen.resource) }
        let actor = try context.actor()
        let prepared = try await items.prepare(draft, definition, of: canteen.canteenId, actor)
        return try await once(key, content, context) { transaction in
            let id = try await items.save(
                prepared, as: item, definition, of: canteen.canteenId, revision: draft.revision, actor, transaction)
            switch step {
            case .publish: try await items.publish(id, actor, transaction)
            case .submit: try await items.submit(id, actor, transaction)
            case .edit, .sendBack, .withdraw, nil: break
            }
            return try await answer(id, transaction)
        }
    }

    /// Withdrawal: only the organ that published, or the city (D2, D8).
    func authoriseWithdrawal(_ head: ItemHead, _ context: BrightContext) throws {
        guard CategoryDefinition.of(head.category).owner != .registry else { throw Self.copied }
        guard CategoryDefinition.of(head.category).isFinding, let organ = head.organId else { return }
        let principal = try context.requirePrincipal()
        guard principal.organId == organ || principal.role == .cityRegulator else {
            throw Problem(
                .forbidden, code: "other_organ",
                detail: LocalizedText(
                    zh: "只有公示的机关或市级可以撤下。", en: "Only the organ that published it, or the city, may withdraw it."))
        }
    }

    /// Every text that will be public or kept: required, screened, bounded.
    static func text(_ value: String?, _ field: String, maximum: Int) throws -> String {
        guard let value, value.count >= 4 else {
            throw Problem.invalid(
                field, code: "missing", zh: "此项必填（至少 4 个字）。", en: "This field is required (4 characters at least).",
                allowed: "4…\(maximum) characters")
        }
        guard value.count <= maximum else {
            throw Problem.invalid(
                field, code: "too_long", zh: "最多 \(maximum) 个字。", en: "At most \(maximum) characters.",
                allowed: "≤ \(maximum)")
        }
        try PersonalDataScreen.check(field: field, text: value)
        return value
    }

    static let copied = Problem(
        .forbidden, code: "copied_from_registry",
        detail: LocalizedText(
            zh: "许可信息取自食堂登记，不能手工填写或撤下。", en: "Licence facts are copied from the register and not typed."))
}
