import Contracts
import Journal
import Postgres

/// Lines of the camera list → cameras, `camera.registered`; a camera whose place changed goes back to pending.
struct CameraImporter: LineImporter {
    let rules = CameraLine.Rules()
    /// Lines of the roster refused in the same run, by what `CameraLine.placeText` is: the reason why a canteen may be
    /// missing.
    let refusedCanteens: [String: Int]

    func keys(of line: CameraLine) -> [UniqueKey] {
        [UniqueKey(code: .gbIdTaken, column: CameraColumn.gbId.rawValue, value: line.gbId.text)]
    }

    func apply(
        _ lines: [NumberedLine<CameraLine>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let all = lines.map(\.line)
        let canteens = try await Places(all, transaction)
        let stored = Dictionary(
            try await CameraStore.byGBID(all.map(\.gbId.text), transaction).map { ($0.gbId, $0) },
            uniquingKeysWith: { $1 })
        var saved: [Camera] = []
        var events: [any Event] = []
        let outcomes = all.map { line -> LineOutcome in
            let outcome = decide(line, canteens.candidates(line), stored[line.gbId.text])
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

    /// The canteens that the lines may mean.
    private struct Places {
        private let byLicence: [String: [Canteen]]
        private let reference: InstitutionReference

        init(_ lines: [CameraLine], _ transaction: PostgresTransaction) async throws {
            var licences: Set<String> = []
            var codes: Set<String> = []
            for line in lines {
                switch line.place {
                case .licence(let number): licences.insert(number)
                case .institution(let code, _): codes.insert(code)
                }
            }
            let found = try await CanteenStore.byLicence(Array(licences), transaction)
            byLicence = Dictionary(grouping: found) { $0.licence?.number ?? "" }
            reference = try await InstitutionReference(creditCodes: Array(codes), transaction)
        }

        func candidates(_ line: CameraLine) -> [Canteen] {
            switch line.place {
            case .licence(let number): byLicence[number] ?? []
            case .institution(let code, let name): reference.canteen(code, name).map { [$0] } ?? []
            }
        }
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
                    .canteenAmbiguous, column: CameraColumn.licence.rawValue, value: line.placeText,
                    allowed: "在“食堂名称”列填写：" + canteens.map(\.name).sorted().joined(separator: "、"))
            ])
        }
        guard let canteen = canteens.first else {
            let reason = refusedCanteens[line.placeText].map { "（本次名册第 \($0) 行未被接受）" } ?? ""
            return .refused([
                ValueFault(
                    .canteenUnknown, column: line.placeColumn.rawValue, value: line.placeText,
                    allowed: "已登记食堂的许可证编号；尚无许可证的，填统一社会信用代码和食堂名称\(reason)")
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
