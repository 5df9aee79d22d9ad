import Calendar
import Contracts

/// Decides what contract lines do to the stored contracts. Pure.
struct ContractLedger {
    /// What a contract was, and what it is now.
    struct Change: Sendable {
        let before: CateringContract?
        let after: CateringContract
    }

    private var contracts: [CanteenID: [CateringContract]]
    /// Certified caterers with the days of their certificates.
    private let certified: [ContractStore.Certified]
    private let today: LocalDate
    private(set) var changes: [Change] = []

    init(stored: [CateringContract], certified: [ContractStore.Certified], today: LocalDate) {
        contracts = Dictionary(grouping: stored, by: \.canteenId)
        self.certified = certified
        self.today = today
    }

    mutating func enter(_ line: ContractLine, _ canteen: Canteen, _ caterer: Canteen) -> LineOutcome {
        let known = contracts[canteen.id] ?? []
        let stored = known.first { $0.number == line.number }
        var contract = CateringContract(
            id: stored?.id ?? .new(), number: line.number, canteenId: canteen.id, schoolId: canteen.institution.id,
            catererId: caterer.institution.id, catererCanteenId: caterer.id, catererLicence: line.caterer,
            startsOn: line.startsOn, endsOn: line.endsOn, meals: line.meals, diners: line.diners,
            choiceReason: line.choiceReason, state: .planned)
        if let endedOn = line.endedOn, let reason = line.endReason {
            contract.end(on: endedOn, reason)
        } else {
            contract = contract.on(today, catererLicenceEndedOn: caterer.licence?.endedOn)
        }
        if let stored, stored.state == .ended, contract != stored {
            return refusal(.contractEnded, .number, line.number, "已终止的合同不能再改；请登记新合同")
        }
        if let other = known.first(where: { $0.number != line.number && $0.overlaps(contract) }) {
            let days = "\(other.startsOn.iso)～\((other.endedOn ?? other.endsOn)?.iso ?? "未定")"
            return refusal(.contractOverlap, .startsOn, line.startsOn.iso, "不与合同 \(other.number)（\(days)）重叠")
        }
        if stored == nil, let fault = preference(&contract, caterer) { return fault }
        guard contract != stored else { return .unchanged }
        contracts[canteen.id] = known.filter { $0.number != line.number } + [contract]
        changes.append(Change(before: stored, after: contract))
        return stored == nil ? .added : .changed
    }

    /// 优先 (art 13): choosing a caterer without certificate while a certified one exists needs a reason. Where none
    /// exists, that is the reason.
    private func preference(_ contract: inout CateringContract, _ caterer: Canteen) -> LineOutcome? {
        guard contract.choiceReason == nil else { return nil }
        let day = contract.startsOn
        let valid = certified.filter { $0.validFrom <= day && day <= $0.validTo }
        guard !valid.contains(where: { $0.institutionId == caterer.institution.id }) else { return nil }
        guard !valid.isEmpty else {
            contract.choiceReason = "登记时没有通过 HACCP 或 ISO 22000 认证的供餐单位"
            return nil
        }
        let names = Set(valid.map(\.name)).sorted().prefix(5).joined(separator: "、")
        return refusal(.choiceReasonMissing, .choiceReason, "", "选用理由；通过认证的有：\(names)")
    }

    private func refusal(
        _ code: FaultCode, _ column: ContractColumn, _ value: String, _ allowed: String
    ) -> LineOutcome {
        .refused([ValueFault(code, column: column.rawValue, value: value, allowed: allowed)])
    }
}
