import Calendar
import ServiceKit

/// A contact as its owner sees it: the address is masked, it is known to them.
struct ContactView: Encodable, Sendable {
    let contactId: String
    let channel: ContactChannel
    let address: String
    let mode: ContactMode
    let language: Language
    let verifiedAt: Instant?
    let refusedAt: Instant?

    init(_ contact: Contact, address: String) {
        contactId = contact.contactId
        channel = contact.channel
        self.address = contact.channel.masked(address)
        mode = contact.mode
        language = contact.language
        verifiedAt = contact.verifiedAt
        refusedAt = contact.refusedAt
    }
}

/// Model of `contacts.mustache`.
struct ContactsPage {
    struct Line {
        let path: String
        let channel: String
        let address: String
        let isVerified: Bool
        let isRefused: Bool
        let modes: [FormField.Option]
        let languages: [FormField.Option]
    }

    struct Fault {
        let field: String
        let detail: String
    }

    let lines: [Line]
    let isEmpty: Bool
    let fields: [FormField]
    let mayAdd: Bool
    let hasFaults: Bool
    let faults: [Fault]

    init(
        _ contacts: [ContactView], faults: [FieldFault], channels: MessageChannels, _ pages: Pages,
        _ context: BrightContext
    ) {
        func text(_ key: String) -> String { pages.text("notification.\(key)", context) }
        func modes(_ chosen: ContactMode) -> [FormField.Option] {
            ContactMode.allCases.map {
                FormField.Option(
                    value: $0.rawValue, label: text("contact_mode.\($0.rawValue)"), isSelected: $0 == chosen)
            }
        }
        func languages(_ chosen: Language) -> [FormField.Option] {
            Language.allCases.map {
                FormField.Option(
                    value: $0.rawValue, label: text("contact_language.\($0.rawValue)"), isSelected: $0 == chosen)
            }
        }
        lines = contacts.map { contact in
            Line(
                path: "/notification/contacts/\(contact.contactId)",
                channel: text("channel.\(contact.channel.rawValue)"), address: contact.address,
                isVerified: contact.verifiedAt != nil, isRefused: contact.refusedAt != nil,
                modes: modes(contact.mode), languages: languages(contact.language))
        }
        isEmpty = lines.isEmpty
        let offered = ContactChannel.allCases.filter(channels.offers)
        mayAdd = !offered.isEmpty
        func fault(_ name: String) -> String? { faults.first { $0.field == name }?.detail[context.language] }
        fields = [
            FormField(
                "channel", label: text("ledger.channel"), kind: .select, fault: fault("channel"),
                options: offered.map {
                    FormField.Option(
                        value: $0.rawValue, label: text("channel.\($0.rawValue)"), isSelected: offered.count == 1)
                }),
            FormField(
                "address", label: text("contacts.address"), hint: text("contacts.address_hint"),
                fault: fault("address"), maximum: 254),
            FormField("mode", label: text("contacts.mode"), kind: .radio, fault: fault("mode"), options: modes(.all)),
            FormField(
                "language", label: text("contacts.language"), kind: .radio, fault: fault("language"),
                options: languages(context.language)),
        ]
        self.faults = faults.map { Fault(field: $0.field, detail: $0.detail[context.language]) }
        hasFaults = !faults.isEmpty
    }
}
