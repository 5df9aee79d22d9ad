import Calendar
import Concurrency
import Contracts
import Journal
import Logging
import Postgres

/// Takes in what vendors write on `brightkitchen.devices.alerts.v1`: refuses, maps, joins what is the same, and tells of
/// class 1 at once. A batch that comes again changes nothing.
struct AlertIntake: Sendable {
    static let group = "patrol-ledger-alerts"

    let pool: PostgresPool
    let clock: any WallClock
    let codes: AlertCodes
    let vendors: AlertVendors
    let vault: EvidenceVault
    let logger: Logger

    private struct RefusalKey: Hashable {
        let vendor: String
        let reason: AlertRefusal
    }

    /// What the journal keeps of an alert that waits for a person; log-only.
    private struct ReceivedNote: Codable, Sendable {
        var alertId: AlertID
        var vendor: String
        var vendorCode: String
        var code: String?
    }

    func take(_ records: [InboundRecord]) async throws {
        let now = clock.now()
        var refused: [RefusalKey: Int] = [:]
        var reports: [AlertReport] = []
        for record in records {
            do throws(AlertReport.Refused) {
                let report = try AlertReport(record.value, now: now)
                // Invented names cost no rows: all unknown vendors are counted together.
                guard vendors.knows(report.vendor) else { throw AlertReport.Refused(reason: .unknownVendor) }
                for (reason, count) in report.refused {
                    refused[RefusalKey(vendor: report.vendor, reason: reason), default: 0] += count
                }
                reports.append(report)
            } catch {
                refused[RefusalKey(vendor: "?", reason: error.reason), default: 0] += 1
            }
        }
        let pictures = try await keepPictures(reports)
        let (taken, counts) = (reports, refused)
        try await pool.transaction { transaction in
            var counts = counts
            for report in taken {
                for (reason, count) in try await enter(report, pictures, now, transaction) {
                    counts[RefusalKey(vendor: report.vendor, reason: reason), default: 0] += count
                }
            }
            for (key, count) in counts.sorted(by: {
                ($0.key.vendor, $0.key.reason.rawValue) < ($1.key.vendor, $1.key.reason.rawValue)
            }) {
                try await transaction.execute(
                    """
                    INSERT INTO alert_refusal (day, vendor, reason, refused, last_at)
                    VALUES (\(LocalDate(now)), \(key.vendor), \(key.reason), \(count), \(now))
                    ON CONFLICT (day, vendor, reason) DO UPDATE
                    SET refused = alert_refusal.refused + excluded.refused, last_at = excluded.last_at
                    """)
            }
        }
        if !refused.isEmpty {
            logger.info("alert reports refused", metadata: ["count": "\(refused.values.reduce(0, +))"])
        }
    }

    /// Stores pictures before the transaction: of known cameras within the vendor's divisions, and of alerts that are new.
    private func keepPictures(_ reports: [AlertReport]) async throws -> [String: AlertPicture] {
        var kept: [String: AlertPicture] = [:]
        for report in reports {
            for alert in report.alerts {
                let name = "\(report.vendor)\n\(alert.id)"
                if alert.isPictureRefused { kept[name] = .refused }
                guard let picture = alert.picture else { continue }
                let place = try await pool.alertPlace(gbId: alert.gbId)
                guard let place, vendors.mayReport(report.vendor, division: place.canteen.divisionCode) else {
                    continue
                }
                let known = try await pool.first(
                    """
                    SELECT 1 AS one FROM alert_occurrence
                    WHERE vendor = \(report.vendor) AND vendor_alert_id = \(alert.id)
                    """
                ) { try $0["one"] as Int }
                guard known == nil else { continue }
                let result = try await AlertPicture.keep(picture, in: vault)
                if result == .failed {
                    logger.error("an alert's picture was not kept", metadata: ["vendor": "\(report.vendor)"])
                }
                kept[name] = result
            }
        }
        return kept
    }

    /// What of the report has to be refused after looking it up.
    private func enter(
        _ report: AlertReport, _ pictures: [String: AlertPicture], _ now: Instant, _ transaction: PostgresTransaction
    ) async throws -> [AlertRefusal: Int] {
        var refused: [AlertRefusal: Int] = [:]
        var signals: [AlertSignal] = []
        for alert in report.alerts {
            guard let place = try await transaction.alertPlace(gbId: alert.gbId) else {
                refused[.unknownSource, default: 0] += 1
                continue
            }
            guard vendors.mayReport(report.vendor, division: place.canteen.divisionCode) else {
                refused[.wrongDivision, default: 0] += 1
                continue
            }
            guard
                !codes.isNothing(vendor: report.vendor, version: report.productVersion, vendorCode: alert.code)
            else {
                refused[.notAnAlert, default: 0] += 1
                continue
            }
            let code = codes.code(
                vendor: report.vendor, version: report.productVersion, vendorCode: alert.code)
            signals.append(
                AlertSignal(
                    vendor: report.vendor, productVersion: report.productVersion, id: alert.id, vendorCode: alert.code,
                    code: code, canteen: place.canteen, cameraId: place.cameraId, zone: place.zone, at: alert.at,
                    confidence: alert.confidence, picture: pictures["\(report.vendor)\n\(alert.id)"], clip: alert.clip))
        }
        for reading in report.readings.sorted(by: { $0.at < $1.at }) {
            guard let rule = codes.temperature(reading.kind), let code = codes.code(rule.code) else {
                refused[.reading, default: 0] += 1
                continue
            }
            guard let canteen = try await transaction.canteen(licence: reading.licence) else {
                refused[.unknownSource, default: 0] += 1
                continue
            }
            guard vendors.mayReport(report.vendor, division: canteen.divisionCode) else {
                refused[.wrongDivision, default: 0] += 1
                continue
            }
            guard
                let since = try await TemperatureWatch.note(
                    reading, rule, vendor: report.vendor, canteen: canteen.canteenId, transaction)
            else { continue }
            signals.append(
                AlertSignal(
                    vendor: report.vendor, productVersion: report.productVersion,
                    id: "t:\(reading.sensor):\(since.microseconds)", vendorCode: "t:\(reading.kind)", code: code,
                    canteen: canteen, sensor: reading.sensor, zone: rule.zone, at: reading.at, celsius: reading.celsius)
            )
        }
        // In one order everywhere, so that two processes cannot wait for each other.
        for signal in signals.sorted(by: { ($0.key, $0.at) < ($1.key, $1.at) }) {
            try await enter(signal, now, transaction)
        }
        return refused
    }

    private func enter(_ signal: AlertSignal, _ now: Instant, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute("SELECT pg_advisory_xact_lock(hashtextextended(\(signal.key), 7))")
        let isKnown = try await transaction.first(
            "SELECT 1 AS one FROM alert_occurrence WHERE vendor = \(signal.vendor) AND vendor_alert_id = \(signal.id)"
        ) { try $0["one"] as Int }
        guard isKnown == nil else { return }
        let id: AlertID
        let same = try await join(signal, transaction)
        if let same {
            id = same
            try await addPicture(signal, to: same, now, transaction)
        } else {
            id = try await open(signal, now, transaction)
        }
        try await transaction.execute(
            """
            INSERT INTO alert_occurrence (vendor, vendor_alert_id, alert_id, at)
            VALUES (\(signal.vendor), \(signal.id), \(id), \(signal.at))
            """)
    }

    /// The alert that this one repeats: the same code at the same place, within the cool-down before or after it.
    private func join(_ signal: AlertSignal, _ transaction: PostgresTransaction) async throws -> AlertID? {
        try await transaction.first(
            """
            UPDATE device_alert SET occurrences = occurrences + 1, first_at = least(first_at, \(signal.at)),
                last_at = greatest(last_at, \(signal.at)), confidence = greatest(confidence, \(signal.confidence)),
                celsius = coalesce(\(signal.celsius), celsius)
            WHERE alert_id = (
                SELECT alert_id FROM device_alert
                WHERE canteen_id = \(signal.canteen.canteenId) AND vendor = \(signal.vendor)
                    AND camera_id IS NOT DISTINCT FROM \(signal.cameraId) AND sensor IS NOT DISTINCT FROM \(signal.sensor)
                    AND coalesce(code, '?' || vendor_code) = \(signal.code?.code ?? "?\(signal.vendorCode)")
                    AND first_at <= \(signal.at + signal.coolDown) AND last_at >= \(signal.at - signal.coolDown)
                ORDER BY last_at DESC LIMIT 1)
            RETURNING alert_id
            """
        ) { try $0["alert_id"] as AlertID }
    }

    /// A repetition brings the first picture or clip where the alert came without.
    private func addPicture(
        _ signal: AlertSignal, to id: AlertID, _ now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        if let clip = signal.clip {
            try await transaction.execute(
                """
                UPDATE device_alert SET clip_from = \(clip.from), clip_to = \(clip.to)
                WHERE alert_id = \(id) AND clip_from IS NULL
                """)
        }
        guard let picture = signal.picture else { return }
        let isFirst = try await transaction.execute(
            """
            UPDATE device_alert SET picture = \(picture.name)
            WHERE alert_id = \(id) AND picture IS DISTINCT FROM 'kept'
            """)
        guard isFirst == 1 else { return }
        let context = EventContext(actor: .system(signal.vendor), correlationId: UUIDv7.string())
        try await transaction.recordPicture(signal, of: id, context, at: now)
    }

    private func open(
        _ signal: AlertSignal, _ now: Instant, _ transaction: PostgresTransaction
    ) async throws -> AlertID {
        let id = AlertID.new()
        let canteen = signal.canteen
        let isTold = signal.code?.severity == 1
        try await transaction.execute(
            """
            INSERT INTO device_alert (alert_id, canteen_id, school_id, camera_id, sensor, zone, vendor, product_version,
                vendor_code, code, code_table, severity, confidence, celsius, first_at, last_at, received_at, told,
                clip_from, clip_to, picture)
            VALUES (\(id), \(canteen.canteenId), \(canteen.schoolId), \(signal.cameraId), \(signal.sensor), \(signal.zone),
                \(signal.vendor), \(signal.productVersion), \(signal.vendorCode), \(signal.code?.code), \(codes.version),
                \(signal.code?.severity), \(signal.confidence), \(signal.celsius), \(signal.at), \(signal.at), \(now),
                \(isTold), \(signal.clip?.from), \(signal.clip?.to), \(signal.picture?.name))
            """)
        let context = EventContext(actor: .system(signal.vendor), correlationId: UUIDv7.string())
        try await transaction.recordPicture(signal, of: id, context, at: now)
        guard let code = signal.code, isTold else {
            // Classes 2 and 3, and what nobody knows, wait for a person: no school is told of them.
            try await transaction.record(
                "brightkitchen.patrol.alert.received.v1", subject: canteen.canteenId.rawValue,
                data: ReceivedNote(
                    alertId: id, vendor: signal.vendor, vendorCode: signal.vendorCode, code: signal.code?.code),
                context, occurredAt: now)
            return id
        }
        try await transaction.publish(
            AlertRaised(
                alertId: id, canteenId: canteen.canteenId, schoolId: canteen.schoolId,
                enforcementOrganId: canteen.enforcementOrganId, cameraId: signal.cameraId, zone: signal.zone,
                code: code.code, text: code.textZh, severity: code.severity, status: "unconfirmed",
                detectedAt: signal.at, raisedAt: now),
            context, occurredAt: now)
        return id
    }
}
