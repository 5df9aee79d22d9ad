import Access
import Calendar
import Contracts
import Hummingbird
import Journal
import PersonalData
import Postgres
import ServiceKit

/// `/notification/contacts`: where the signed-in person wants to be told. Everybody sees and changes only their own.
struct ContactRoutes: Sendable {
    static let maximumContacts = 6
    static let codeMinutes = 15

    let pool: PostgresPool
    let pages: Pages
    let keys: PersonalDataKeys
    let channels: MessageChannels

    func declare(_ routes: Routes) {
        routes.get("/contacts", .action(.readInbox)) { _, context in try await list(context, faults: [], status: .ok) }
        routes.post("/contacts", .action(.readInbox)) { request, context in try await add(request, context) }
        routes.post("/contacts/{contactId}", .action(.readInbox)) { request, context in
            try await change(request, context)
        }
        routes.post("/contacts/{contactId}/code", .action(.readInbox)) { _, context in
            let contact = try await own(context)
            try await sendCode(contact, context)
            return try done(context, contact.contactId)
        }
        routes.post("/contacts/{contactId}/verify", .action(.readInbox)) { request, context in
            try await verify(request, context)
        }
        routes.post("/contacts/{contactId}/remove", .action(.readInbox)) { _, context in
            let contact = try await own(context)
            let now = context.now
            try await pool.transaction { try await ContactStore.remove(contact.contactId, now: now, $0) }
            return try done(context, contact.contactId)
        }
    }

    private func own(_ context: BrightContext) async throws -> Contact {
        let person = try context.requirePrincipal().personId
        guard let id = context.parameters.get("contactId"), WellFormed.isIdentifier(id),
            let contact = try await ContactStore.contact(id, pool), contact.personId == person
        else { throw Problem.notFound }
        return contact
    }

    private func done(_ context: BrightContext, _ id: String) throws -> Response {
        context.wantsPage ? .seeOther("/notification/contacts") : try .json(["contact_id": id], status: .accepted)
    }

    private func list(
        _ context: BrightContext, faults: [FieldFault], status: HTTPResponse.Status
    ) async throws -> Response {
        let contacts = try await ContactStore.of(try context.requirePrincipal().personId, pool)
        let shown = try contacts.map { contact in
            ContactView(contact, address: try keys.open(contact.address, at: Contact.place(contact.contactId)))
        }
        guard context.wantsPage else { return try .json(["items": shown]) }
        return try pages.render(
            "contacts", context,
            PageMeta(
                title: pages.text("notification.contacts.title", context),
                crumbs: [
                    Crumb(pages.text("notification.inbox.title", context), "/notification/inbox"),
                    Crumb(pages.text("notification.contacts.title", context)),
                ], lead: pages.text("notification.contacts.lead", context), current: "inbox"),
            model: ContactsPage(shown, faults: faults, channels: channels, pages, context), status: status)
    }

    private struct Wish: Decodable {
        var channel: String
        var address: String
        var mode: String?
        var language: String?
    }

    private func wish(_ request: Request, _ context: BrightContext) async throws -> Wish {
        guard context.wantsPage else { return try await request.json(Wish.self, context) }
        let form = try await request.form(context)
        return Wish(
            channel: form.optional("channel") ?? "", address: form.optional("address") ?? "",
            mode: form.optional("mode"), language: form.optional("language"))
    }

    private func add(_ request: Request, _ context: BrightContext) async throws -> Response {
        let wish = try await wish(request, context)
        do {
            let contact = try await insert(wish, context)
            try await sendCode(contact, context)
            guard context.wantsPage else { return try .json(["contact_id": contact.contactId], status: .created) }
            return .seeOther("/notification/contacts")
        } catch let problem as Problem where context.wantsPage && problem.status == .unprocessableContent {
            return try await list(context, faults: problem.faults, status: problem.status)
        }
    }

    private func insert(_ wish: Wish, _ context: BrightContext) async throws -> Contact {
        var faults: [FieldFault] = []
        let channel = ContactChannel(rawValue: wish.channel)
        if channel.map(channels.offers) != true {
            let offered = ContactChannel.allCases.filter(channels.offers).map(\.rawValue)
            faults.append(Self.notAllowed("channel", offered))
        }
        let mode = ContactMode(rawValue: wish.mode ?? ContactMode.all.rawValue)
        if mode == nil { faults.append(Self.notAllowed("mode", ContactMode.allCases.map(\.rawValue))) }
        let language = Language(rawValue: wish.language ?? Language.zh.rawValue)
        if language == nil { faults.append(Self.notAllowed("language", Language.allCases.map(\.rawValue))) }
        let address = channel?.normalised(wish.address)
        if let channel, address == nil {
            faults.append(
                FieldFault(
                    field: "address", code: "not_an_address",
                    detail: LocalizedText(zh: "地址格式不正确。", en: "This is not an address of that kind."),
                    allowed: channel.allowed))
        }
        guard faults.isEmpty, let channel, let mode, let language, let address else { throw Problem(faults: faults) }
        let person = try context.requirePrincipal().personId
        let id = UUIDv7.string()
        let draft = ContactStore.Draft(
            contactId: id, personId: person, channel: channel,
            address: try keys.seal(address, at: Contact.place(id)),
            addressHash: keys.lookupHash(address, domain: Contact.domain), mode: mode, language: language)
        let now = context.now
        let isNew = try await pool.transaction { transaction in
            let existing = try await ContactStore.of(person, transaction)
            guard existing.count < Self.maximumContacts else {
                throw Problem.conflict(
                    code: "too_many_contacts", zh: "最多登记 \(Self.maximumContacts) 个。",
                    en: "At most \(Self.maximumContacts) addresses.")
            }
            return try await ContactStore.insert(draft, now: now, transaction)
        }
        guard isNew, let contact = try await ContactStore.contact(id, pool) else {
            throw Problem.conflict(code: "already_there", zh: "该地址已登记。", en: "This address is there already.")
        }
        return contact
    }

    private static func notAllowed(_ field: String, _ values: [String]) -> FieldFault {
        FieldFault(
            field: field, code: "not_allowed",
            detail: LocalizedText(zh: "请从选项中选择。", en: "Please choose one of the options."),
            allowed: values.joined(separator: ", "))
    }

    /// A code that only the owner of the address reads. Sent at once; not kept, only its keyed hash is.
    private func sendCode(_ contact: Contact, _ context: BrightContext) async throws {
        let code = String(UInt32.random(in: 0..<1_000_000) + 1_000_000).suffix(6)
        try await ContactStore.expectCode(
            hash(String(code), contact), until: context.now + .seconds(Self.codeMinutes * 60), for: contact.contactId,
            pool)
        let template = try await TemplateStore.current(.verification, contact.language, pool)
        let text = template.render(["code": String(code), "minutes": String(Self.codeMinutes)])
        let outcome = await channels.send(
            MessageChannels.Message(
                id: UUIDv7.string(), channel: contact.channel,
                address: try keys.open(contact.address, at: Contact.place(contact.contactId)), subject: text.subject,
                body: text.body, language: contact.language, date: context.now))
        switch outcome {
        case .sent: return
        case .deferred(let reason), .refused(let reason):
            throw Problem.conflict(
                code: "code_not_sent", zh: "验证码未能发出（\(reason)），请核对地址后重试。",
                en: "The code could not be sent (\(reason)). Check the address and try again.")
        }
    }

    private func hash(_ code: String, _ contact: Contact) -> [UInt8] {
        keys.lookupHash("\(contact.contactId):\(code)", domain: "contact-code")
    }

    private struct Code: Decodable { var code: String }

    private func verify(_ request: Request, _ context: BrightContext) async throws -> Response {
        let contact = try await own(context)
        let code =
            context.wantsPage
            ? try await request.form(context).optional("code") ?? "" : try await request.json(Code.self, context).code
        let hash = hash(code, contact)
        let now = context.now
        let result = try await pool.transaction {
            try await ContactStore.verify(hash, for: contact.contactId, now: now, $0)
        }
        switch result {
        case .verified: return try done(context, contact.contactId)
        case .wrong:
            throw Problem.invalid("code", code: "wrong_code", zh: "验证码不正确。", en: "This is not the code.")
        case .tooLate:
            throw Problem.invalid(
                "code", code: "code_expired", zh: "验证码已失效，请重新发送。", en: "The code has expired. Ask for another one.")
        }
    }

    private struct Change: Decodable {
        var mode: String
        var language: String
    }

    private func change(_ request: Request, _ context: BrightContext) async throws -> Response {
        let contact = try await own(context)
        var wish = Change(mode: "", language: "")
        if context.wantsPage {
            let form = try await request.form(context)
            wish = Change(mode: form.optional("mode") ?? "", language: form.optional("language") ?? "")
        } else {
            wish = try await request.json(Change.self, context)
        }
        guard let mode = ContactMode(rawValue: wish.mode) else {
            throw Problem(faults: [Self.notAllowed("mode", ContactMode.allCases.map(\.rawValue))])
        }
        guard let language = Language(rawValue: wish.language) else {
            throw Problem(faults: [Self.notAllowed("language", Language.allCases.map(\.rawValue))])
        }
        try await pool.transaction {
            try await ContactStore.change(contact.contactId, mode: mode, language: language, $0)
        }
        return try done(context, contact.contactId)
    }
}
