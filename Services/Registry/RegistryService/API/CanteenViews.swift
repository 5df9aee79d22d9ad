import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Models of the register's pages: everything worked out, nothing decided in the templates.
struct CanteenViews: Sendable {
    let pages: Pages

    private struct Row {
        let school: String
        let name: String
        let path: String
        let type: String
        let place: String
        let licence: String
        let validTo: String
        let cameras: String
        let isOperating: Bool
        let state: String
    }

    private struct ListModel {
        let search: String
        let divisions: [FormField.Option]
        let states: [FormField.Option]
        let rows: [Row]
        let isEmpty: Bool
        let text: String
        let pager: Pager
        let reviewPath: String?
        let wallPath: String?
        let exportPath: String
    }

    func list(
        _ page: PageOf<CanteenList.Item>, _ filter: CanteenList.Filter, _ divisions: [(code: String, name: String)],
        _ context: BrightContext
    ) throws -> Response {
        func text(_ key: String) -> String { pages.text(key, context) }
        var parameters: [String] = []
        if let search = filter.search { parameters.append("q=" + PercentEncoding.queryValue(search)) }
        if let division = filter.division { parameters.append("division=" + PercentEncoding.queryValue(division)) }
        if let operating = filter.operating { parameters.append("operating=\(operating)") }
        let suffix = parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&")
        let mayReview = context.may(.confirmAccess, intent: .read)
        let model = ListModel(
            search: filter.search ?? "",
            divisions: divisions.map {
                FormField.Option(value: $0.code, label: "\($0.code) \($0.name)", isSelected: $0.code == filter.division)
            },
            states: [
                FormField.Option(
                    value: "true", label: text("canteens.operating"), isSelected: filter.operating == true),
                FormField.Option(
                    value: "false", label: text("canteens.not_operating"), isSelected: filter.operating == false),
            ],
            rows: page.items.map { row($0, context) }, isEmpty: page.items.isEmpty, text: text("canteens.none"),
            pager: page.pager(path: "/registry/canteens" + suffix),
            reviewPath: mayReview ? "/registry/cameras/review" : nil,
            wallPath: mayReview ? "/registry/cameras/wall" : nil,
            exportPath: "/registry/v1/canteens/export.csv" + suffix)
        return try pages.render(
            "canteens", context,
            PageMeta(
                title: text("canteens.title"), lead: pages.text("canteens.lead", context, ["n": String(page.total)]),
                current: "canteens", isWide: true),
            model: model)
    }

    private func row(_ item: CanteenList.Item, _ context: BrightContext) -> Row {
        let canteen = item.canteen
        return Row(
            school: canteen.institution.name, name: canteen.name, path: "/registry/canteens/\(canteen.id)",
            type: pages.label(canteen.institution.type, context), place: canteen.institution.township ?? "—",
            licence: canteen.licence?.number ?? pages.text("canteens.unlicensed", context),
            validTo: canteen.licence?.validTo.iso ?? "—",
            cameras: "\(item.activeCameras) / \(item.cameras)", isOperating: canteen.operating,
            state: stateText(canteen, context))
    }

    func stateText(_ canteen: Canteen, _ context: BrightContext) -> String {
        if canteen.life.decision != .open, !canteen.operating {
            return pages.text("canteen_life.\(canteen.life.decision.rawValue)", context)
        }
        if canteen.operating { return pages.text("canteens.operating", context) }
        guard let licence = canteen.licence else { return pages.text("canteens.unlicensed", context) }
        if licence.state != .valid {
            return pages.text("licence_state.\(licence.state.rawValue)", context)
        }
        return pages.text("canteens.expired", context)
    }

    private struct Fact {
        let label: String
        let value: String
    }

    private struct CameraRow {
        let name: String
        let zone: String
        let gbId: String
        let enabledOn: String
        let status: String
        let isActive: Bool
        let isPending: Bool
        let isFaulty: Bool
        /// Not `path`: every page has one of its own, which would show through where this is nil.
        let link: String?
        let historyPath: String?
    }

    private struct DetailModel {
        let facts: [Fact]
        let licence: [Fact]
        let organs: [Fact]
        let state: String
        let isOperating: Bool
        let cameras: [CameraRow]
        let noCameras: Bool
        let text: String
        let ending: Ending?
        let alert: String?
        let peoplePath: String
        let contractsPath: String
        let termsPath: String
        let licencesPath: String
        let accessPath: String
        let exportPath: String
    }

    private struct Ending {
        let action: String
        let fields: [FormField]
    }

    func detail(
        _ canteen: Canteen, caterer: String?, cameras: [Camera], organs: [OrganID: String], problem: Problem?,
        _ context: BrightContext, status: HTTPResponse.Status
    ) throws -> Response {
        func text(_ key: String) -> String { pages.text(key, context) }
        func organ(_ id: OrganID?) -> String { id.flatMap { organs[$0] } ?? "—" }
        let school = canteen.institution
        func table(_ name: String) -> String { "/registry/register/\(name)?credit_code=\(school.creditCode)" }
        var facts = [
            Fact(label: text("canteen.school"), value: school.name),
            Fact(label: text("canteen.uscc"), value: school.creditCode),
            Fact(label: text("canteen.type"), value: pages.label(school.type, context)),
            Fact(
                label: text("canteen.place"),
                value: [school.divisionCode, school.township ?? ""].joined(separator: " ")),
            Fact(label: text("canteen.city_direct"), value: text(school.cityDirect ? "canteen.yes" : "canteen.no")),
            Fact(label: text("canteen.serving"), value: text("serving.\(canteen.servingMode.key)")),
            Fact(label: text("canteen.diners"), value: String(canteen.diners)),
            Fact(
                label: text("canteen.zones"),
                value: canteen.zones.map { pages.label($0, context) }.joined(
                    separator: context.language == .zh ? "、" : ", ")),
        ]
        if let caterer { facts.append(Fact(label: text("canteen.caterer"), value: caterer)) }
        if let position = canteen.position {
            facts.append(
                Fact(
                    label: text("canteen.position"),
                    value: "\(position.latitude), \(position.longitude) (\(position.system.chinese))"))
        }
        let assignment = canteen.assignment
        let model = DetailModel(
            facts: facts, licence: licenceFacts(canteen, context),
            organs: [
                Fact(label: text("canteen.station"), value: organ(assignment.station)),
                Fact(label: text("canteen.county"), value: organ(assignment.county)),
                Fact(label: text("canteen.city"), value: organ(assignment.city)),
                Fact(
                    label: text("canteen.supervising"),
                    value: "\(pages.label(school.department, context)) · \(organ(assignment.supervising))"),
            ],
            state: stateText(canteen, context), isOperating: canteen.operating,
            cameras: cameras.map { row($0, canteen, context) }, noCameras: cameras.isEmpty,
            text: text("canteen.no_cameras"), ending: ending(canteen, problem, context),
            alert: problem?.status == .conflict ? problem?.detail[context.language] : nil,
            peoplePath: "/registry/schools/\(school.id)/people", contractsPath: table("contracts"),
            termsPath: table("terms"), licencesPath: table("licences"),
            accessPath: "/registry/canteens/\(canteen.id)/access",
            exportPath: "/registry/v1/cameras/export.csv?canteen_id=\(canteen.id)")
        return try pages.render(
            "canteen", context,
            PageMeta(
                title: "\(school.name) · \(canteen.name)",
                crumbs: [Crumb(text("canteens.title"), "/registry/canteens"), Crumb(canteen.name)],
                current: "canteens"),
            model: model, status: status)
    }

    private func licenceFacts(_ canteen: Canteen, _ context: BrightContext) -> [Fact] {
        func text(_ key: String) -> String { pages.text(key, context) }
        guard let licence = canteen.licence else {
            return [
                Fact(label: text("canteen.licence_state"), value: text("canteens.unlicensed")),
                Fact(
                    label: text("canteen.applied_on"),
                    value: canteen.licenceAppliedOn?.iso ?? text("canteen.not_stated")),
                Fact(label: text("canteen.unlicensed_rule"), value: text("canteen.unlicensed_hint")),
            ]
        }
        var facts = [
            Fact(label: text("canteen.licence"), value: licence.number),
            Fact(label: text("canteen.issued_on"), value: licence.issuedOn.iso),
            Fact(label: text("canteen.valid_to"), value: licence.validTo.iso),
            Fact(label: text("canteen.licence_state"), value: text("licence_state.\(licence.state.rawValue)")),
        ]
        if let endedOn = licence.endedOn {
            facts.append(Fact(label: text("canteen.ended_on"), value: endedOn.iso))
        }
        return facts
    }

    private func row(_ camera: Camera, _ canteen: Canteen, _ context: BrightContext) -> CameraRow {
        CameraRow(
            name: camera.name, zone: pages.label(camera.zone, context), gbId: camera.gbId,
            enabledOn: camera.enabledOn.iso, status: pages.label(camera.status, context),
            isActive: camera.status == .active, isPending: camera.status == .pending,
            isFaulty: camera.status == .degraded || camera.status == .offline,
            link: context.may(.confirmAccess, on: canteen.resource(), intent: .read)
                ? "/registry/cameras/\(camera.id)" : nil,
            historyPath: camera.status != .pending && context.may(.handleFault, on: canteen.resource(), intent: .read)
                ? "/registry/cameras/\(camera.id)/history" : nil)
    }

    /// The form is there for whoever may end the licence, while there is one to end.
    private func ending(_ canteen: Canteen, _ problem: Problem?, _ context: BrightContext) -> Ending? {
        guard canteen.licence?.state == .valid, context.may(.publishLicenceAndRating, on: canteen.resource()) else {
            return nil
        }
        func fault(_ field: String) -> String? {
            problem?.faults.first { $0.field == field }?.detail[context.language]
        }
        let states = Licence.State.allCases.filter { $0 != .valid }.map {
            FormField.Option(value: $0.rawValue, label: pages.text("licence_state.\($0.rawValue)", context))
        }
        return Ending(
            action: "/registry/canteens/\(canteen.id)/licence/revoke",
            fields: [
                FormField(
                    "state", label: pages.text("canteen.decision", context), kind: .select, fault: fault("state"),
                    options: states),
                FormField(
                    "decided_on", label: pages.text("canteen.decided_on", context), value: LocalDate(context.now).iso,
                    type: "date", fault: fault("decided_on")),
            ])
    }
}
