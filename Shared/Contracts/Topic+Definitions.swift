import Foundation

extension Topic {
    /// The text of `topics.yaml`: every topic with partitions and retention.
    public static func definitions() throws -> String {
        guard let file = Bundle.module.url(forResource: "topics", withExtension: "yaml") else {
            throw CocoaError(.fileNoSuchFile)
        }
        return try String(contentsOf: file, encoding: .utf8)
    }
}
