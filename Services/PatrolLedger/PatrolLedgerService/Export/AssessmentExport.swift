/// A frozen period as a zip for the bureaus: the exact facts as JSON, and tables that every spreadsheet opens.
enum AssessmentExport {
    static func archive(_ file: AssessmentFile) throws -> [UInt8] {
        let content = file.content
        var archive = ZipArchive()
        archive.add("assessment.json", file.record.content)
        archive.add("assessment.json.sha256", Array("\(file.record.contentHash)  assessment.json\n".utf8))
        let names = AssessmentCounts().fields.map(\.name)
        archive.add(
            "canteens.csv",
            CSVText.table(
                ["canteen_id", "canteen_name", "school_id", "school_name", "division_code"] + names,
                content.canteens.map { row in
                    [
                        row.canteenId.rawValue, row.canteenName, row.schoolId.rawValue, row.schoolName,
                        row.divisionCode,
                    ] + values(row.counts.fields)
                }))
        archive.add(
            "divisions.csv",
            CSVText.table(
                ["division_code", "canteens"] + names,
                content.divisions.map { [$0.divisionCode, "\($0.canteens)"] + values($0.counts.fields) }))
        archive.add(
            "organs.csv",
            CSVText.table(
                [
                    "organ_id", "name", "level", "weeks_satisfied", "weeks_missed", "weeks_exempt",
                    "attainment_permille",
                ],
                content.organs.map { [$0.organId.rawValue, $0.name, $0.level.rawValue] + values($0.fields) }))
        if let changes = file.changes {
            archive.add(
                "changes.csv",
                CSVText.table(
                    ["id", "name", "field", "before", "after"],
                    changes.map {
                        [
                            $0.id, $0.name, $0.field, $0.before.map(String.init) ?? "",
                            $0.after.map(String.init) ?? "",
                        ]
                    }))
        }
        return try archive.serialized()
    }

    /// An absent rate is an empty cell, never 0.
    private static func values(_ fields: [(name: String, value: Int?)]) -> [String] {
        fields.map { $0.value.map(String.init) ?? "" }
    }
}

/// RFC 4180 with a byte-order mark, so that spreadsheets read UTF-8; a cell never starts a formula.
enum CSVText {
    static func table(_ header: [String], _ rows: [[String]]) -> [UInt8] {
        let lines = ([header] + rows).map { $0.map(cell).joined(separator: ",") }
        return [0xef, 0xbb, 0xbf] + Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    static func cell(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return safe }
        return "\"" + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
