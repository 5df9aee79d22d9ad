/// The files of one import; any combination. `-` reads one of them from standard input.
public struct ImportFiles: Sendable {
    public var organs: String?
    public var stations: String?
    public var roster: String?
    public var cameras: String?
    public var staff: String?

    public init(
        organs: String? = nil, stations: String? = nil, roster: String? = nil, cameras: String? = nil,
        staff: String? = nil
    ) {
        self.organs = organs
        self.stations = stations
        self.roster = roster
        self.cameras = cameras
        self.staff = staff
    }

    public var isEmpty: Bool { [organs, stations, roster, cameras, staff].allSatisfy { $0 == nil } }
}
