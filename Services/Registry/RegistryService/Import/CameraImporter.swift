import Contracts
import Journal
import Postgres

/// Lines of the camera list → cameras, `camera.registered`; a camera whose place changed goes back to pending.
struct CameraImporter: LineImporter {
    let rules = CameraLine.Rules()
    /// Lines of the roster refused in the same run, by licence number: the reason why a canteen may be missing.
    let refusedCanteens: [String: Int]

    func keys(of line: CameraLine) -> [UniqueKey] {
        [UniqueKey(code: .gbIdTaken, column: CameraColumn.gbId.rawValue, value: line.gbId.text)]
    }

    func apply(
        _ lines: [NumberedLine<CameraLine>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let all = lines.map(\.line)
        let canteens = Dictionary(
            grouping: try await CanteenStore.byLicence(Array(Set(all.map(\.licence))), transaction),
            by: \.licence.number)
        let stored = Dictionary(
            try await CameraStore.byGBID(all.map(\.gbId.text), transaction).map { ($0.gbId, $0) },
            uniquingKeysWith: { $1 })
        var saved: [Camera] = []
        var events: [any Event] = []
        let outcomes = all.map { line -> LineOutcome in
            let outcome = decide(line, canteens[line.licence] ?? [], stored[line.gbId.text])
            switch outcome {
            case .refused(let faults): return .refused(faults)
            case .unchanged: return .unchanged
            case .added(let camera):
                saved.append(camera)
                events.append(camera.registered)
                return .added
            case .changed(let camera):
                saved.append(camera)
                events.append(camera.statusChanged)
                return .changed
            }
        }
        try await CameraStore.save(saved, transaction)
        try await transaction.publish(events, scope.context, occurredAt: scope.now)
        return outcomes
    }

    private enum CameraOutcome {
        case added(Camera)
        case changed(Camera)
        case unchanged
        case refused([ValueFault])
    }

    private func decide(_ line: CameraLine, _ candidates: [Canteen], _ stored: Camera?) -> CameraOutcome {
        let canteens = candidates.filter { line.canteenName == nil || $0.name == line.canteenName }
        if canteens.count > 1 {
            return .refused([
                ValueFault(
                    .canteenAmbiguous, column: CameraColumn.licence.rawValue, value: line.licence,
                    allowed: "在“食堂名称”列填写：" + canteens.map(\.name).sorted().joined(separator: "、"))
            ])
        }
        guard let canteen = canteens.first else {
            let reason = refusedCanteens[line.licence].map { "（本次名册第 \($0) 行未被接受）" } ?? ""
            return .refused([
                ValueFault(
                    .canteenUnknown, column: CameraColumn.licence.rawValue, value: line.licence,
                    allowed: "已登记食堂的许可证编号\(reason)")
            ])
        }
        guard line.gbId.divisionCode == canteen.institution.divisionCode else {
            return .refused([
                ValueFault(
                    .gbIdDivision, column: CameraColumn.gbId.rawValue, value: line.gbId.text,
                    allowed: "前 6 位为食堂所在区划 \(canteen.institution.divisionCode)")
            ])
        }
        guard let stored else {
            return .added(
                Camera(
                    id: .new(), canteenId: canteen.id, schoolId: canteen.institution.id, name: line.name,
                    zone: line.zone.code, gbId: line.gbId.text, enabledOn: line.enabledOn,
                    isAnteroom: line.zone.isAnteroom, status: .pending))
        }
        guard stored.canteenId == canteen.id else {
            return .refused([
                ValueFault(
                    .gbIdTaken, column: CameraColumn.gbId.rawValue, value: line.gbId.text,
                    allowed: "该编码已登记为“\(stored.name)”；每台摄像机一个编码")
            ])
        }
        return stored.after(line).map(CameraOutcome.changed) ?? .unchanged
    }
}
