import Contracts
import Logging

/// Keeps the live state equal to the database: everything at start, then what changed, once a second and right after
/// this process' own commits. Changes that another replica committed arrive the same way, within the second.
actor LiveRefresher {
    private let reader: LiveReader
    private let state: LiveState
    /// All changes up to here have been taken in.
    private var floor: Int64 = 0
    /// Taken in, above the floor (transactions commit in another order than they take numbers).
    private var seen: Set<Int64> = []
    private var current: Task<Void, any Error>?
    private var queued: Task<Void, any Error>?

    init(reader: LiveReader, state: LiveState) {
        self.reader = reader
        self.state = state
    }

    /// Returns when everything that was committed before the call is in memory. Calls that wait share one reading.
    func refresh() async throws {
        if let queued { return try await queued.value }
        let previous = current
        let task = Task {
            _ = await previous?.result
            try await self.pull()
        }
        queued = task
        try await task.value
    }

    private func pull() async throws {
        current = queued
        queued = nil
        if !state.isLoaded { return try await load() }
        let changes = try await reader.changes(after: floor)
        let news = changes.filter { !seen.contains($0.position) }
        if !news.isEmpty { try await apply(news) }
        for change in changes where change.position == floor + 1 || change.isSettled { floor = change.position }
        seen = Set(changes.lazy.map(\.position).filter { $0 > self.floor })
    }

    private func load() async throws {
        floor = try await reader.settledPosition()
        seen = []
        let (canteens, cameras) = (try await reader.canteens(), try await reader.cameras())
        let (representatives, grants) = (try await reader.representatives(), try await reader.grants())
        let (logins, sessions) = (try await reader.logins(), try await reader.runningSessions())
        let dismissals = try await reader.dismissals()
        let (schools, cityRules) = (try await reader.schools(), try await reader.cityRules())
        state.withTables { tables in
            for canteen in canteens { tables.canteens[canteen.canteenId] = canteen }
            for camera in cameras { tables.cameras[camera.cameraId] = camera }
            for account in representatives { tables.representatives[account.representativeId] = account }
            for grant in grants { tables.grants[grant.representativeId, default: [:]][grant.grantId] = grant }
            for login in logins { tables.logins[login.hash] = login }
            for session in sessions { tables.insert(session) }
            for dismissal in dismissals { tables.dismissed[dismissal.appointment] = dismissal.lastDay }
            tables.schools = schools
            tables.cityRules = cityRules
            tables.isLoaded = true
        }
    }

    private func apply(_ changes: [LiveReader.Change]) async throws {
        let ids = Dictionary(grouping: changes, by: \.entity).mapValues { Array(Set($0.map(\.id))) }
        func changed(_ entity: String) -> [String] { ids[entity] ?? [] }
        let canteens = try await read(changed("canteen")) { try await self.reader.canteens($0) }
        let cameras = try await read(changed("camera")) { try await self.reader.cameras($0) }
        let accounts = try await read(changed("representative")) { try await self.reader.representatives($0) }
        let grants = try await read(changed("view_grant")) { try await self.reader.grants($0) }
        let logins = try await read(changed("login")) { try await self.reader.logins($0) }
        let sessions = try await read(changed("view_session")) { try await self.reader.sessions($0) }
        let dismissals = try await read(changed("dismissal")) { try await self.reader.dismissals($0) }
        let schoolIds = Set(["school_term", "school_day", "supply_contract"].flatMap(changed)).sorted()
        let schools = schoolIds.isEmpty ? [:] : try await reader.schools(schoolIds)
        let cityRules = changed("city_rules").isEmpty ? nil : try await reader.cityRules()
        let grantees = Set(changed("view_grant").map { RepresentativeID($0) })
        let loggedIn = Set(changed("login").map { RepresentativeID($0) })
        let persons = Set(changed("dismissal").map { PersonID($0) })
        state.withTables { tables in
            for canteen in canteens { tables.canteens[canteen.canteenId] = canteen }
            for camera in cameras { tables.cameras[camera.cameraId] = camera }
            for account in accounts { tables.representatives[account.representativeId] = account }
            for id in grantees { tables.grants[id] = nil }
            for grant in grants { tables.grants[grant.representativeId, default: [:]][grant.grantId] = grant }
            for id in schoolIds.map({ SchoolID($0) }) { tables.schools[id] = schools[id] }
            if let cityRules { tables.cityRules = cityRules }
            tables.replaceLogins(of: loggedIn, by: logins)
            for session in sessions { tables.insert(session) }
            if !persons.isEmpty {
                tables.dismissed = tables.dismissed.filter { !persons.contains($0.key.personId) }
                for dismissal in dismissals { tables.dismissed[dismissal.appointment] = dismissal.lastDay }
            }
        }
    }

    /// 2,000 ids a statement: an import of 52,000 cameras arrives in one second's changes.
    private func read<Value: Sendable>(
        _ ids: [String], _ load: @Sendable ([String]) async throws -> [Value]
    ) async throws -> [Value] {
        var values: [Value] = []
        var rest = ids[...]
        while !rest.isEmpty {
            values += try await load(Array(rest.prefix(2000)))
            rest = rest.dropFirst(2000)
        }
        return values
    }
}
