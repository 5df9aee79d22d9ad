import Access
import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// What persons do about faults. Every step is journalled with who and why.
struct FaultCommands: Sendable {
    struct Command: Sendable {
        let step: FaultStep
        let note: String?
        let responsible: PersonID?
        /// As the person saw it; nil = whatever it is now.
        let version: Int?
    }

    private static let regulators: Set<Role> = [.cityRegulator, .countyRegulator, .stationOfficer]

    let list: FaultList

    func apply(
        _ command: Command, to item: FaultList.Item, canteen: Canteen?, by principal: Principal,
        _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> DeviceFault {
        guard let fault = try await FaultStore.lock(item.fault.id, transaction) else { throw Problem.notFound }
        if let version = command.version, version != fault.version { throw Self.changed }
        guard command.step.isAllowed(from: fault.state) else { throw Self.notNow(fault.state) }
        if fault.escalatedAt != nil, command.step == .close, !Self.regulators.contains(principal.role) {
            throw Self.regulatorCloses
        }
        if command.step == .recover, try await FaultList.stillThere(fault, transaction) { throw Self.stillThere }
        let responsible = try await responsible(command, fault, canteen, now)
        return try await FaultStore.move(
            fault, to: command.step.target, responsible: responsible, note: command.note, context, now: now,
            transaction)
    }

    private func responsible(
        _ command: Command, _ fault: DeviceFault, _ canteen: Canteen?, _ now: Instant
    ) async throws -> PersonID? {
        guard command.step == .assign else { return nil }
        guard let person = command.responsible else {
            throw Problem.invalid(
                "responsible", code: "missing", zh: "请指定责任人。", en: "Please say who is responsible.")
        }
        let candidates = try await list.candidates(for: canteen, division: fault.divisionCode, on: LocalDate(now))
        guard candidates.contains(where: { $0.id == person }) else {
            throw Problem.invalid(
                "responsible", code: "not_appointed", zh: "责任人应是本单位或其监管机构的在职人员。",
                en: "The person must be in office at this institution or at the organs that supervise it.")
        }
        return person
    }

    static let changed = Problem.conflict(
        code: "version_conflict", zh: "故障状态已被更新，请刷新后再操作。", en: "The fault has moved on meanwhile. Please look again.")
    static let stillThere = Problem.conflict(
        code: "still_there", zh: "平台数据显示故障仍然存在，不能登记为已恢复。",
        en: "Telemetry shows that the fault is still there: it cannot be recorded as recovered.")
    static let regulatorCloses = Problem.conflict(
        code: "regulator_closes", zh: "已上报的故障由监管机构关闭。", en: "A fault that was escalated is closed by a regulator.")

    private static func notNow(_ state: DeviceFaultState) -> Problem {
        let steps = FaultStep.allowed(from: state).map(\.rawValue).joined(separator: ", ")
        return Problem(
            .conflict, code: "step_not_allowed",
            detail: LocalizedText(zh: "当前状态不能进行此操作。", en: "This step is not possible in the present state."),
            field: "step", allowed: steps.isEmpty ? "none" : steps)
    }
}
