import Calendar
import Contracts

/// 餐次.
public enum Meal: String, CaseIterable, Sendable {
    case breakfast
    case lunch
    case dinner
    case supper

    public var chinese: String {
        switch self {
        case .breakfast: "早餐"
        case .lunch: "午餐"
        case .dinner: "晚餐"
        case .supper: "夜宵"
        }
    }

    /// `午餐、晚餐`, in the order of the day, each once.
    static func list(_ text: String, column: String) throws(ValueFault) -> [Meal] {
        var found: Set<Meal> = []
        for word in text.split(whereSeparator: { "、，,；; ".contains($0) }) {
            guard let meal = allCases.first(where: { $0.chinese == word }) else {
                throw ValueFault(
                    .mealUnknown, column: column, value: String(word),
                    allowed: allCases.map(\.chinese).joined(separator: "、"))
            }
            found.insert(meal)
        }
        return allCases.filter(found.contains)
    }
}

/// Why a contract is no longer in force.
public enum ContractEnd: String, CaseIterable, Sendable {
    case expired
    case terminated
    case replaced
    case licenceEnded = "licence_ended"

    public var chinese: String {
        switch self {
        case .expired: "到期"
        case .terminated: "提前终止"
        case .replaced: "更换供餐单位"
        case .licenceEnded: "供餐单位许可证终止"
        }
    }

    static func read(_ text: String, column: String) throws(ValueFault) -> ContractEnd {
        guard let end = allCases.first(where: { $0.chinese == text }) else {
            throw ValueFault(
                .valueMissing, column: column, value: text, allowed: allCases.map(\.chinese).joined(separator: "、"))
        }
        return end
    }
}

/// A catering contract (供餐合同) as stored: planned → active → ended, by the day.
public struct CateringContract: Hashable, Sendable {
    public enum State: String, CaseIterable, Sendable {
        case planned
        case active
        case ended
    }

    public var id: ContractID
    public var number: String
    public var canteenId: CanteenID
    public var schoolId: SchoolID
    public var catererId: SchoolID
    public var catererCanteenId: CanteenID
    public var catererLicence: String
    public var startsOn: LocalDate
    /// Inclusive; nil = open.
    public var endsOn: LocalDate?
    public var meals: [Meal]
    public var diners: Int
    /// Why this caterer although a certified one was there (art 13: 优先).
    public var choiceReason: String?
    public var state: State
    public var endedOn: LocalDate?
    public var endReason: ContractEnd?

    /// The state that this day and the licence of the caterer give it.
    func on(_ day: LocalDate, catererLicenceEndedOn: LocalDate? = nil) -> CateringContract {
        var contract = self
        guard state != .ended else { return contract }
        if let endsOn, endsOn < day {
            contract.end(on: endsOn, .expired)
        } else if let catererLicenceEndedOn {
            contract.end(on: max(startsOn, catererLicenceEndedOn), .licenceEnded)
        } else {
            contract.state = startsOn <= day ? .active : .planned
        }
        return contract
    }

    mutating func end(on day: LocalDate, _ reason: ContractEnd) {
        state = .ended
        endedOn = day
        endReason = reason
    }

    func overlaps(_ other: CateringContract) -> Bool {
        let last = endedOn ?? endsOn
        let otherLast = other.endedOn ?? other.endsOn
        return startsOn <= otherLast ?? startsOn && other.startsOn <= last ?? other.startsOn
    }

    var started: ContractStarted {
        ContractStarted(
            contractId: id, canteenId: canteenId, schoolId: schoolId, catererId: catererId,
            catererCanteenId: catererCanteenId, catererLicenceNumber: catererLicence, startsOn: startsOn,
            endsOn: endsOn, meals: meals.map(\.rawValue), diners: diners)
    }

    /// nil while it has not ended.
    var ended: ContractEnded? {
        guard let endedOn, let endReason else { return nil }
        return ContractEnded(
            contractId: id, canteenId: canteenId, schoolId: schoolId, catererId: catererId,
            catererCanteenId: catererCanteenId, catererLicenceNumber: catererLicence, endedOn: endedOn,
            reason: endReason.rawValue)
    }
}
