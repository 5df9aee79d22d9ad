/// An organ (city, county or station regulator, or a bureau) was registered or its facts changed.
public struct OrganRegistered: Event {
    public static let type = "brightkitchen.registry.organ.registered.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { organId.rawValue }
    public var subject: String { organId.rawValue }

    /// Stable id; partition key.
    public var organId: OrganID
    /// Official name.
    public var name: String
    /// Which administration it belongs to.
    public var department: Department
    /// city, county or station.
    public var level: OrganLevel
    /// GB/T 2260 code: four-digit-plus-00 for the city, six digits for a county.
    public var divisionCode: String
    /// The organ above; absent for the city.
    public var parentOrganId: OrganID?
    /// For a station: the townships it covers. Empty otherwise.
    public var townships: [String]

    public init(
        organId: OrganID,
        name: String,
        department: Department,
        level: OrganLevel,
        divisionCode: String,
        parentOrganId: OrganID? = nil,
        townships: [String]
    ) {
        self.organId = organId
        self.name = name
        self.department = department
        self.level = level
        self.divisionCode = divisionCode
        self.parentOrganId = parentOrganId
        self.townships = townships
    }
}
