import Calendar
import Contracts
import Journal
import Logging
import Postgres

/// Looks at all cameras every few seconds and draws the conclusions: register, faults, incidents, escalation.
struct FaultWatch: Sendable {
    static let batchSize = 500

    let monitor: CameraMonitor

    /// What a look found.
    private struct Findings {
        var wishes: [CameraStatusStore.Wish] = []
        var found: [FaultStore.Finding] = []
        var ended: [(camera: CameraID, kind: FaultKind)] = []
        var recovered: [CameraID] = []
        var lost: [OutageGrouping.Lost] = []
        var inUse: [CanteenID: Int] = [:]
    }

    func look() async throws {
        let now = monitor.clock.now()
        await monitor.tick(now)
        try await monitor.flush()
        let findings = await find(now)
        try await register(findings.wishes, now)
        try await writeFaults(findings, now)
        try await wait(now)
    }

    private func find(_ now: Instant) async -> Findings {
        let rules = monitor.rules
        var findings = Findings()
        for entry in await monitor.entries {
            let camera = entry.camera
            guard camera.status != .pending else {
                // Replaced by other hardware meanwhile: the incident does not wait for it.
                if entry.incident != nil { findings.recovered.append(camera.id) }
                continue
            }
            findings.inUse[camera.canteenId, default: 0] += 1
            if let status = entry.tracker.registered(now: now.microseconds, rules), status != camera.status {
                findings.wishes.append(.init(camera: camera.id, status: status))
            }
            if entry.tracker.state.hasPicture {
                if entry.faults.contains(.signalLost) { findings.ended.append((camera.id, .signalLost)) }
                if entry.faults.contains(.flapping) { findings.ended.append((camera.id, .flapping)) }
                if entry.incident != nil { findings.recovered.append(camera.id) }
            }
            if !entry.tracker.isClockOff, entry.tracker.lastSeen > 0, entry.faults.contains(.clockOff) {
                findings.ended.append((camera.id, .clockOff))
            }
            guard camera.isOperating else { continue }
            let isSilent = entry.tracker.state == .unknown && entry.tracker.lastSeen > 0
            let hasTrouble = isSilent || entry.tracker.state == .lost || entry.tracker.state == .flapping
            guard hasTrouble || entry.tracker.isClockOff else { continue }
            if await monitor.hasOutages, await monitor.isPlanned(camera, at: now) { continue }
            look(entry, isLost: isSilent || entry.tracker.state == .lost, now, &findings)
        }
        return findings
    }

    private func look(_ entry: CameraMonitor.Entry, isLost: Bool, _ now: Instant, _ findings: inout Findings) {
        let rules = monitor.rules
        let camera = entry.camera
        func finding(_ kind: FaultKind) -> FaultStore.Finding {
            .init(
                kind: kind, camera: camera.id, canteen: camera.canteenId, division: camera.divisionCode, incident: nil)
        }
        if entry.tracker.state == .flapping, !entry.faults.contains(.flapping) {
            findings.found.append(finding(.flapping))
        }
        if entry.tracker.isClockOff, !entry.faults.contains(.clockOff) { findings.found.append(finding(.clockOff)) }
        let age = now.microseconds - entry.tracker.missingSince
        guard isLost, !entry.faults.contains(.signalLost), entry.incident == nil,
            age >= rules.offlineAfter.microseconds
        else { return }
        findings.lost.append(
            .init(
                camera: camera.id, canteen: camera.canteenId, division: camera.divisionCode,
                since: entry.tracker.missingSince, isDue: age >= rules.faultAfter.microseconds))
    }

    private func register(_ wishes: [CameraStatusStore.Wish], _ now: Instant) async throws {
        for start in stride(from: 0, to: wishes.count, by: Self.batchSize) {
            let batch = Array(wishes[start..<min(start + Self.batchSize, wishes.count)])
            let statuses = try await monitor.pool.transaction {
                try await CameraStatusStore.apply(batch, CameraMonitor.context, now: now, $0)
            }
            await monitor.apply(statuses)
        }
    }

    private func writeFaults(_ findings: Findings, _ now: Instant) async throws {
        let groups = OutageGrouping(rules: monitor.rules).groups(findings.lost, cameras: findings.inUse)
        let isQuiet =
            groups.isEmpty && findings.found.isEmpty && findings.ended.isEmpty && findings.recovered.isEmpty
        guard !isQuiet else { return }
        let (found, ended, recovered) = (findings.found, findings.ended, findings.recovered)
        try await monitor.pool.transaction { transaction in
            let context = CameraMonitor.context
            var singles = found
            for group in groups {
                switch group {
                case .single(let lost):
                    singles.append(
                        .init(
                            kind: .signalLost, camera: lost.camera, canteen: lost.canteen, division: lost.division,
                            incident: nil))
                case .canteen(let members):
                    _ = try await IncidentStore.begin(scope: .canteen, members, context, now: now, transaction)
                case .division(let members):
                    _ = try await IncidentStore.begin(scope: .division, members, context, now: now, transaction)
                }
            }
            try await FaultStore.open(singles, context, now: now, transaction)
            try await FaultStore.recover(ended, context, now: now, transaction)
            try await IncidentStore.recovered(recovered, now: now, transaction)
            _ = try await IncidentStore.endFinished(context, now: now, transaction)
        }
        await monitor.setFaults(
            try await FaultStore.open(monitor.pool), members: try await IncidentStore.openMembers(monitor.pool))
    }

    /// What only waiting brings about.
    private func wait(_ now: Instant) async throws {
        let rules = monitor.rules
        let context = CameraMonitor.context
        while try await monitor.pool.transaction({
            try await FaultStore.escalate(
                detectedBefore: now - rules.escalateAfter, limit: Self.batchSize, context, now: now, $0)
        }) == Self.batchSize {}
        while try await monitor.pool.transaction({
            try await FaultStore.closeUnconfirmed(
                recoveredBefore: now - rules.escalateAfter, limit: Self.batchSize, context, now: now, $0)
        }) == Self.batchSize {}
    }
}
