/// A canteen named in a bulletin, with names as they were at the time of issue.
public struct BulletinCanteen: Codable, Hashable, Sendable {
    public var canteenId: CanteenID
    public var canteenName: String
    public var schoolId: SchoolID
    public var schoolName: String
    public var schoolType: SchoolType
    public var divisionCode: String

    public init(
        canteenId: CanteenID, canteenName: String, schoolId: SchoolID, schoolName: String, schoolType: SchoolType,
        divisionCode: String
    ) {
        self.canteenId = canteenId
        self.canteenName = canteenName
        self.schoolId = schoolId
        self.schoolName = schoolName
        self.schoolType = schoolType
        self.divisionCode = divisionCode
    }
}
