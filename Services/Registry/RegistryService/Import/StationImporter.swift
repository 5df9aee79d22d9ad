import Contracts
import Journal
import Postgres

/// Lines of the station list → stations with their townships and `organ.registered`.
struct StationImporter: LineImporter {
    let rules: StationLine.Rules

    func keys(of line: StationLine) -> [UniqueKey] {
        [UniqueKey(code: .duplicateKey, column: StationColumn.name.rawValue, value: line.name)]
            + line.townships.map {
                UniqueKey(
                    code: .townshipTaken, column: StationColumn.townships.rawValue, value: "\(line.divisionCode) \($0)")
            }
    }

    func apply(
        _ lines: [NumberedLine<StationLine>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let organs = try await transaction.query(OrganStore.all, OrganStore.decode)
        let byName = Dictionary(organs.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        let named = Set(lines.map(\.line.name))
        var saved: [Organ] = []
        let outcomes = lines.map { numbered -> LineOutcome in
            let line = numbered.line
            guard let parent = byName[line.parent], parent.department == .marketSupervision, parent.level == .county,
                parent.divisionCode == line.divisionCode
            else {
                return .refused([
                    ValueFault(
                        .organUnknown, column: StationColumn.parent.rawValue, value: line.parent,
                        allowed: "区划 \(line.divisionCode) 的县级市场监督管理局")
                ])
            }
            let stored = byName[line.name]
            if let stored, stored.level != .station {
                return .refused([
                    ValueFault(
                        .organConflict, column: StationColumn.name.rawValue, value: line.name, allowed: "未被其他机构使用的名称")
                ])
            }
            // A township may move between two stations of this file, not away from a station that the file does not name.
            if let holder = organs.first(where: { organ in
                !named.contains(organ.name) && organ.divisionCode == line.divisionCode
                    && organ.townships.contains(where: line.townships.contains)
            }) {
                return .refused([
                    ValueFault(
                        .townshipTaken, column: StationColumn.townships.rawValue,
                        value: line.townships.filter(holder.townships.contains).joined(separator: "、"),
                        allowed: "由“\(holder.name)”管辖；如需调整，请在同一文件中同时给出两个所")
                ])
            }
            let station = Organ(
                id: stored?.id ?? .new(), name: line.name, department: .marketSupervision, level: .station,
                divisionCode: line.divisionCode, parentId: parent.id, townships: line.townships)
            guard station != stored.map({ Self.sorted($0) }) else { return .unchanged }
            saved.append(station)
            return stored == nil ? .added : .changed
        }
        try await transaction.execute(
            "DELETE FROM station_township WHERE organ_id = ANY(\(saved.map(\.id))::text[])")
        for station in saved { try await OrganStore.save(station, transaction) }
        try await transaction.publish(saved.map(\.registered), scope.context, occurredAt: scope.now)
        return outcomes
    }

    /// Swift and the database may order Chinese text differently.
    private static func sorted(_ organ: Organ) -> Organ {
        var organ = organ
        organ.townships.sort()
        return organ
    }
}
