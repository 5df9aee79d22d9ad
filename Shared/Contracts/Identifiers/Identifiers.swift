// One nominal type per kind of id, so that a camera id cannot be passed where a canteen id is meant.

/// An organ: regulator or bureau (监管机构, 主管部门).
public struct OrganID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// An institution: school, kindergarten or caterer.
public struct SchoolID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A canteen (食堂); partition key of most events.
public struct CanteenID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A camera.
public struct CameraID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A staff account, pseudonymous.
public struct PersonID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A disclosure item (公示项).
public struct ItemID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A visit to one canteen in a patrol.
public struct VisitID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A patrol (线上巡查).
public struct PatrolID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A piece of evidence (证据).
public struct EvidenceID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A problem (问题).
public struct ProblemID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A notice in an inbox.
public struct NoticeID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A bulletin (通报).
public struct BulletinID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A webhook endpoint.
public struct EndpointID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A parent representative (家长代表), pseudonymous.
public struct RepresentativeID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// Rights of a representative (授权).
public struct GrantID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A view session (观看会话).
public struct ViewSessionID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A catering contract (供餐合同) between a school and a caterer.
public struct ContractID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A device fault (设备故障).
public struct FaultID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// Several cameras lost together (批量掉线).
public struct IncidentID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A school's reply to a rating or check (回应).
public struct ReplyID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A school's appeal against a rating or check (异议申请).
public struct AppealID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A parent representative's complaint, suggestion or praise (家长反馈).
public struct FeedbackID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A warning of the overdue ladder (黄牌、红牌).
public struct WarningID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A 双随机 draw.
public struct DrawID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// An alert of a vendor's AI or sensor (智能告警).
public struct AlertID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}
