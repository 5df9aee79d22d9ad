import Calendar
import Contracts
import PersonalData
import Postgres
import ServiceKit

/// What a school's pages show. Every statement is bound to the school.
struct SchoolQueries: Sendable {
    let pool: PostgresPool
    let person: RepresentativePerson

    struct RepresentativeLine: Sendable {
        let account: RepresentativeAccount
        /// Nil after erasure.
        let label: String?
        let invitedAt: Instant
        let activatedAt: Instant?
        let currentGrants: Int
    }

    func representatives(
        _ school: SchoolID, _ page: PageRequest
    ) async throws -> PageOf<RepresentativeLine> {
        try await representatives(.school(school), page)
    }

    /// The accounts that an owner handles, newest first.
    func representatives(_ owner: AccountOwner, _ page: PageRequest) async throws -> PageOf<RepresentativeLine> {
        let total = try await pool.first("SELECT count(*) AS n FROM representative r WHERE \(owner.condition)") {
            row -> Int in
            try row["n"]
        }
        let items = try await pool.query(
            lines + " WHERE \(owner.condition) ORDER BY r.representative_id DESC"
                + " LIMIT \(page.size) OFFSET \(page.offset)"
        ) { try RepresentativeLine(row: $0, person) }
        return PageOf(items, of: page, total: total ?? 0)
    }

    func representative(_ id: RepresentativeID, of owner: AccountOwner) async throws -> RepresentativeLine? {
        try await pool.first(
            lines + " WHERE \(owner.condition) AND r.representative_id = \(id)"
        ) { try RepresentativeLine(row: $0, person) }
    }

    private var lines: SQL {
        """
        SELECT r.*, p.label,
            (SELECT count(*) FROM view_grant g
             WHERE g.representative_id = r.representative_id AND g.revoked_at IS NULL) AS grants
        FROM representative r LEFT JOIN representative_person p USING (representative_id)
        """
    }

    func grants(_ id: RepresentativeID, of owner: AccountOwner) async throws -> [ViewGrant] {
        try await pool.query(
            """
            SELECT g.* FROM view_grant g JOIN representative r USING (representative_id)
            WHERE g.representative_id = \(id) AND \(owner.condition) ORDER BY g.created_at DESC
            """, ViewGrant.init(row:))
    }

    struct ViewLine: Sendable {
        let sessionId: ViewSessionID
        let viewer: String
        let viewerKind: String
        let label: String?
        let accountNumber: String?
        let cameraId: CameraID
        let cameraName: String
        let startedAt: Instant
        let endedAt: Instant?
        let endedBy: ViewEnd?
    }

    /// Views of a school's cameras by representatives and its own staff. Never those of officers: an open patrol would
    /// show in them (flying checks, domain §0.2 no. 7).
    func views(ofSchool school: SchoolID, _ page: PageRequest) async throws -> PageOf<ViewLine> {
        try await views("v.school_id = \(school) AND v.viewer_kind IN ('parent', 'guest', 'school')", page)
    }

    func views(of viewer: ViewerIdentity, _ page: PageRequest) async throws -> PageOf<ViewLine> {
        try await views("v.viewer = \(viewer.text)", page)
    }

    private func views(_ condition: SQL, _ page: PageRequest) async throws -> PageOf<ViewLine> {
        let total = try await pool.first("SELECT count(*) AS n FROM view_session v WHERE \(condition)") { row -> Int in
            try row["n"]
        }
        let items = try await pool.query(
            """
            SELECT v.*, c.name AS camera_name, p.label, r.account_number, r.representative_id
            FROM view_session v JOIN camera c USING (camera_id)
            LEFT JOIN representative r ON v.viewer = 'representative:' || r.representative_id
            LEFT JOIN representative_person p ON p.representative_id = r.representative_id
            WHERE \(condition) ORDER BY v.started_at DESC, v.session_id LIMIT \(page.size) OFFSET \(page.offset)
            """
        ) { row in
            let id: RepresentativeID? = try row["representative_id"]
            let label: SealedText? = try row["label"]
            return ViewLine(
                sessionId: try row["session_id"], viewer: try row["viewer"], viewerKind: try row["viewer_kind"],
                label: try id.flatMap { id in try label.map { try person.openLabel($0, of: id) } },
                accountNumber: try row["account_number"], cameraId: try row["camera_id"],
                cameraName: try row["camera_name"], startedAt: try row["started_at"], endedAt: try row["ended_at"],
                endedBy: try row["ended_by"])
        }
        return PageOf(items, of: page, total: total ?? 0)
    }

    /// Everything that is stored about a representative, for the representative (PIPL art 45).
    func consents(_ id: RepresentativeID) async throws -> [(version: String, acceptedAt: Instant)] {
        try await pool.query(
            "SELECT version, accepted_at FROM consent WHERE representative_id = \(id) ORDER BY accepted_at"
        ) { (try $0["version"], try $0["accepted_at"]) }
    }

    func person(_ id: RepresentativeID) async throws -> (label: String, mobileNumber: String?)? {
        try await pool.first(
            "SELECT label, mobile_number FROM representative_person WHERE representative_id = \(id)"
        ) { row in
            let mobile: SealedText? = try row["mobile_number"]
            return (
                try person.openLabel(try row["label"], of: id), try mobile.map { try person.openMobile($0, of: id) }
            )
        }
    }
}

extension SchoolQueries.RepresentativeLine {
    init(row: Row, _ person: RepresentativePerson) throws {
        let account = try RepresentativeAccount(row: row)
        let label: SealedText? = try row["label"]
        self.init(
            account: account, label: try label.map { try person.openLabel($0, of: account.representativeId) },
            invitedAt: try row["invited_at"],
            activatedAt: try row["activated_at"], currentGrants: try row["grants"])
    }
}
