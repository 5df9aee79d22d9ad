import Calendar

/// A bulletin (通报, art 4 and 10), complete in itself, on the topic of the receiving department.
public struct BulletinIssued: Event {
    public static let type = "brightkitchen.notification.bulletin.issued.v1"
    public var topic: Topic { .bulletins(for: department) }
    public var partitionKey: String { receivingOrganId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id.
    public var bulletinId: BulletinID
    /// Gap-free number per issuing organ and year.
    public var number: String
    /// Organ that issues it.
    public var issuingOrganId: OrganID
    /// Its official name.
    public var issuingOrganName: String
    /// Organ that receives it; partition key.
    public var receivingOrganId: OrganID
    /// Its official name.
    public var receivingOrganName: String
    /// Department of the receiving organ; decides the topic.
    public var department: Department
    /// Why it was issued.
    public var cause: BulletinCause
    /// Canteen.
    public var canteenId: CanteenID
    /// Name at the time of issue.
    public var canteenName: String
    /// School.
    public var schoolId: SchoolID
    /// Name at the time of issue.
    public var schoolName: String
    /// 学校类型.
    public var schoolType: SchoolType
    /// GB/T 2260 division.
    public var divisionCode: String
    /// 市直学校.
    public var cityDirect: Bool
    /// Problem it is about.
    public var problemId: ProblemID?
    /// Zone group of the problem.
    public var zone: ZoneCode?
    /// Checklist item.
    public var itemCode: String?
    /// Wording of the item.
    public var itemText: String?
    /// Class 1 … 3.
    public var severity: Int?
    /// What was found, screened for personal data.
    public var facts: String
    /// Evidence with hashes.
    public var evidence: [EvidenceReference]
    /// What the receiving organ is asked to do.
    public var requirement: String
    /// Until when.
    public var dueAt: Instant?
    /// Time of issue.
    public var issuedAt: Instant
    /// Title of the document (标题).
    public var title: String?
    /// Capacity in which this organ receives it; absent = main.
    public var role: BulletinRole?
    /// 紧急程度; absent = normal.
    public var urgency: BulletinUrgency?
    /// Every canteen it is about; the first is also in the fields above. Absent = that one alone.
    public var canteens: [BulletinCanteen]?
    /// Every problem it is about.
    public var problemIds: [ProblemID]?
    /// Until when the receiver is to give a receipt (签收), inclusive. Absent for a copy.
    public var receiptBy: Instant?
    /// Until when the receiver is to answer (答复), inclusive. Absent for a copy.
    public var answerBy: Instant?
    /// The deadlines reach into a year whose holiday notice is not published: they may move.
    public var deadlinesProvisional: Bool?
    /// Trigger of the rule that made it; absent when issued by hand.
    public var trigger: String?
    /// Rule that routed it, as version/rule, e.g. 3/serious; absent when issued by hand.
    public var rule: String?
    /// Number of the bulletin that this one corrects and replaces.
    public var correctsNumber: String?
    /// Documents and pictures (附件), by reference; absent = none.
    public var attachments: [BulletinAttachment]?

    public init(
        bulletinId: BulletinID,
        number: String,
        issuingOrganId: OrganID,
        issuingOrganName: String,
        receivingOrganId: OrganID,
        receivingOrganName: String,
        department: Department,
        cause: BulletinCause,
        canteenId: CanteenID,
        canteenName: String,
        schoolId: SchoolID,
        schoolName: String,
        schoolType: SchoolType,
        divisionCode: String,
        cityDirect: Bool,
        problemId: ProblemID? = nil,
        zone: ZoneCode? = nil,
        itemCode: String? = nil,
        itemText: String? = nil,
        severity: Int? = nil,
        facts: String,
        evidence: [EvidenceReference],
        requirement: String,
        dueAt: Instant? = nil,
        issuedAt: Instant,
        title: String? = nil,
        role: BulletinRole? = nil,
        urgency: BulletinUrgency? = nil,
        canteens: [BulletinCanteen]? = nil,
        problemIds: [ProblemID]? = nil,
        receiptBy: Instant? = nil,
        answerBy: Instant? = nil,
        deadlinesProvisional: Bool? = nil,
        trigger: String? = nil,
        rule: String? = nil,
        correctsNumber: String? = nil,
        attachments: [BulletinAttachment]? = nil
    ) {
        self.bulletinId = bulletinId
        self.number = number
        self.issuingOrganId = issuingOrganId
        self.issuingOrganName = issuingOrganName
        self.receivingOrganId = receivingOrganId
        self.receivingOrganName = receivingOrganName
        self.department = department
        self.cause = cause
        self.canteenId = canteenId
        self.canteenName = canteenName
        self.schoolId = schoolId
        self.schoolName = schoolName
        self.schoolType = schoolType
        self.divisionCode = divisionCode
        self.cityDirect = cityDirect
        self.problemId = problemId
        self.zone = zone
        self.itemCode = itemCode
        self.itemText = itemText
        self.severity = severity
        self.facts = facts
        self.evidence = evidence
        self.requirement = requirement
        self.dueAt = dueAt
        self.issuedAt = issuedAt
        self.title = title
        self.role = role
        self.urgency = urgency
        self.canteens = canteens
        self.problemIds = problemIds
        self.receiptBy = receiptBy
        self.answerBy = answerBy
        self.deadlinesProvisional = deadlinesProvisional
        self.trigger = trigger
        self.rule = rule
        self.correctsNumber = correctsNumber
        self.attachments = attachments
    }
}
