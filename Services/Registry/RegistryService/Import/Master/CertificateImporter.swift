import Contracts
import Journal
import Postgres

/// Lines of the certificate list.
struct CertificateImporter: LineImporter {
    let rules: CertificateLine.Rules

    func keys(of line: CertificateLine) -> [UniqueKey] {
        [
            UniqueKey(
                code: .duplicateKey, column: CertificateColumn.number.rawValue,
                value: "\(line.creditCode) \(line.certificate.rawValue) \(line.number)")
        ]
    }

    func apply(
        _ lines: [NumberedLine<CertificateLine>], isFinal: Bool, _ scope: ImportScope,
        _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let reference = try await InstitutionReference(creditCodes: lines.map(\.line.creditCode), transaction)
        var outcomes: [LineOutcome] = []
        for line in lines.map(\.line) {
            guard let caterer = reference.institution(line.creditCode), caterer.isCaterer else {
                outcomes.append(
                    .refused([
                        ValueFault(
                            .catererUnknown, column: CertificateColumn.creditCode.rawValue, value: line.creditCode,
                            allowed: "已登记的集体用餐配送单位的统一社会信用代码")
                    ]))
                continue
            }
            outcomes.append(try await save(line, caterer.id, scope, transaction))
        }
        return outcomes
    }

    private func save(
        _ line: CertificateLine, _ caterer: SchoolID, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> LineOutcome {
        let stored = try await transaction.first(
            """
            SELECT body, valid_from, valid_to FROM certificate
            WHERE institution_id = \(caterer) AND kind = \(line.certificate) AND number = \(line.number)
            """
        ) { row in
            CertificateLine(
                creditCode: line.creditCode, certificate: line.certificate, number: line.number,
                body: try row["body"], validFrom: try row["valid_from"], validTo: try row["valid_to"])
        }
        guard stored != line else { return .unchanged }
        try await transaction.execute(
            """
            INSERT INTO certificate (institution_id, kind, number, body, valid_from, valid_to)
            VALUES (\(caterer), \(line.certificate), \(line.number), \(line.body), \(line.validFrom), \(line.validTo))
            ON CONFLICT (institution_id, kind, number) DO UPDATE SET body = excluded.body,
                valid_from = excluded.valid_from, valid_to = excluded.valid_to
            """)
        try await transaction.record(
            "brightkitchen.registry.certificate.recorded.v1", subject: caterer.rawValue,
            data: [
                "kind": line.certificate.rawValue, "number": line.number, "valid_from": line.validFrom.iso,
                "valid_to": line.validTo.iso,
            ], scope.context, occurredAt: scope.now)
        return stored == nil ? .added : .changed
    }
}
