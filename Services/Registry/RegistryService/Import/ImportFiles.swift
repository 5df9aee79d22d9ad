/// The files of one import; any combination. `-` reads one of them from standard input.
public struct ImportFiles: Sendable {
    public var townships: String?
    public var organs: String?
    public var stations: String?
    public var roster: String?
    public var licences: String?
    public var certificates: String?
    public var contracts: String?
    public var terms: String?
    public var mealDays: String?
    public var cameras: String?
    public var staff: String?
    public var duties: String?
    public var training: String?
    public var attendance: String?

    public init(
        townships: String? = nil, organs: String? = nil, stations: String? = nil, roster: String? = nil,
        licences: String? = nil, certificates: String? = nil, contracts: String? = nil, terms: String? = nil,
        mealDays: String? = nil, cameras: String? = nil, staff: String? = nil, duties: String? = nil,
        training: String? = nil, attendance: String? = nil
    ) {
        self.townships = townships
        self.organs = organs
        self.stations = stations
        self.roster = roster
        self.licences = licences
        self.certificates = certificates
        self.contracts = contracts
        self.terms = terms
        self.mealDays = mealDays
        self.cameras = cameras
        self.staff = staff
        self.duties = duties
        self.training = training
        self.attendance = attendance
    }

    public var isEmpty: Bool {
        [
            townships, organs, stations, roster, licences, certificates, contracts, terms, mealDays, cameras, staff,
            duties, training, attendance,
        ].allSatisfy { $0 == nil }
    }
}
