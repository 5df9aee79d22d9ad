import Contracts

/// What a rule looks at: the event and the canteen it is about.
struct BulletinCircumstances: Hashable, Sendable {
    let trigger: BulletinTrigger
    let origin: ProblemOrigin?
    /// Class 1 … 3; nil where there is no problem.
    let severity: Int?
    let schoolType: SchoolType
    let divisionCode: String
    let isCityDirect: Bool
    let isCaterer: Bool
    let department: Department

    init(trigger: BulletinTrigger, origin: ProblemOrigin?, severity: Int?, canteen: Canteen) {
        self.trigger = trigger
        self.origin = origin
        self.severity = severity
        schoolType = canteen.schoolType
        divisionCode = canteen.divisionCode
        isCityDirect = canteen.cityDirect
        isCaterer = canteen.isCaterer
        department = canteen.supervisingDepartment
    }
}
