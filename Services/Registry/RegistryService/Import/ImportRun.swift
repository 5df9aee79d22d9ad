import Calendar
import Concurrency
import Contracts
import Journal
import PersonalData
import Postgres

/// One `registry import`: the files in the order in which they need each other.
public struct ImportRun: Sendable {
    private let pool: PostgresPool
    private let scope: ImportScope
    private let progress: ImportProgress
    private let passwords: InitialPasswords
    private let keys: PersonalDataKeys

    init(
        pool: PostgresPool, clock: any WallClock, context: EventContext, progress: ImportProgress,
        passwords: InitialPasswords, keys: PersonalDataKeys
    ) {
        self.pool = pool
        scope = ImportScope(context: context, now: clock.now())
        self.progress = progress
        self.passwords = passwords
        self.keys = keys
    }

    func run(_ files: ImportFiles) async throws -> ImportReport {
        var report = ImportReport()
        if let path = files.townships {
            report.files.append(try await run(TownshipImporter(), path).report)
        }
        if let path = files.organs {
            report.files.append(try await run(OrganImporter(), path).report)
        }
        if let path = files.stations {
            let rules = StationLine.Rules(jurisdiction: try await jurisdiction())
            report.files.append(try await run(StationImporter(rules: rules), path).report)
        }
        let jurisdiction = try await jurisdiction()
        if report.files.contains(where: { $0.kind != TownshipLine.kind && $0.added + $0.changed > 0 }) {
            _ = try await JurisdictionPass(pool: pool, jurisdiction: jurisdiction, scope: scope).run()
        }
        var refusedCanteens: [String: Int] = [:]
        if let path = files.roster {
            let rules = RosterLine.Rules(jurisdiction: jurisdiction, today: scope.today)
            let result = try await run(RosterImporter(rules: rules), path)
            report.files.append(result.report)
            for (line, cells) in result.refused {
                if let licence = cells[.licence], !licence.isEmpty {
                    refusedCanteens[licence] = line
                } else if let code = cells[.creditCode], let name = cells[.canteenName] {
                    refusedCanteens["\(code) \(name)"] = line
                }
            }
        }
        if let path = files.licences {
            let importer = LicenceImporter(rules: LicenceLine.Rules(today: scope.today))
            report.files.append(try await run(importer, path).report)
        }
        if let path = files.certificates {
            let importer = CertificateImporter(rules: CertificateLine.Rules(today: scope.today))
            report.files.append(try await run(importer, path).report)
        }
        if let path = files.contracts {
            let importer = ContractImporter(rules: ContractLine.Rules(today: scope.today))
            report.files.append(try await run(importer, path).report)
        }
        if let path = files.terms { report.files.append(try await run(TermImporter(), path).report) }
        if let path = files.mealDays { report.files.append(try await run(MealDayImporter(), path).report) }
        if let path = files.cameras {
            report.files.append(try await run(CameraImporter(refusedCanteens: refusedCanteens), path).report)
        }
        if let path = files.staff {
            let importer = StaffImporter(
                rules: StaffLine.Rules(today: scope.today), jurisdiction: jurisdiction, passwords: passwords,
                keys: keys)
            report.files.append(try await run(importer, path).report)
        }
        if let path = files.duties { report.files.append(try await run(DutyImporter(keys: keys), path).report) }
        if let path = files.training { report.files.append(try await run(TrainingImporter(), path).report) }
        if let path = files.attendance {
            report.files.append(try await run(AttendanceImporter(keys: keys), path).report)
        }
        return report
    }

    private func jurisdiction() async throws -> Jurisdiction {
        Jurisdiction(organs: try await pool.query(OrganStore.all, OrganStore.decode))
    }

    private func run<Importer: LineImporter>(
        _ importer: Importer, _ path: String
    ) async throws -> (report: FileReport, refused: [(line: Int, cells: [Importer.Line.Column: String])]) {
        var file = FileImport(importer, pool: pool, scope: scope, progress: progress)
        let report = try await file.run(path: path)
        return (report, file.refused)
    }
}
