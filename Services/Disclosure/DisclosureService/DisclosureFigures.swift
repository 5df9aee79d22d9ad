import ServiceKit

/// What operators watch of disclosure: the nightly dump of the open data.
enum DisclosureFigures {
    static let all: [DomainFigure] = [
        DomainFigure("open_data_dump_timestamp_seconds") { _ in
            "SELECT floor(extract(epoch FROM max(made_at)))::int8 AS value FROM dump"
        }
    ]
}
