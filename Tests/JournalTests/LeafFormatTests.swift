import Calendar
import Contracts
import Testing

@testable import Journal

/// The format of `docs/ledger.md`. A change here breaks every proof that was ever given.
@Suite struct LeafFormatTests {
    static let entry = JournalEntry(
        position: 7, id: "0192f0c1-7a3b-7def-8123-456789abcdef", type: "brightkitchen.registry.canteen.registered.v1",
        subject: "食堂-1", actor: "person:p1", occurredAt: Instant(microseconds: 1_795_400_000_000_001),
        correlationId: "c1", causationId: "c0", traceparent: "00-a-b-01",
        stream: JournalEntry.Stream(topic: "brightkitchen.registry.v1", partitionKey: "k1", sequence: 3),
        data: Array(#"{"a":"b"}"#.utf8))

    @Test func publishedEntry() {
        let text = String(decoding: Self.entry.leafBytes(source: "urn:brightkitchen:registry"), as: UTF8.self)
        #expect(
            text == """
                brightkitchen-journal-entry/1
                id 36 0192f0c1-7a3b-7def-8123-456789abcdef
                type 44 brightkitchen.registry.canteen.registered.v1
                source 26 urn:brightkitchen:registry
                subject 8 食堂-1
                actor 9 person:p1
                time 16 1795400000000001
                key 2 k1
                sequence 1 3
                correlation 2 c1
                causation 2 c0
                topic 25 brightkitchen.registry.v1
                traceparent 9 00-a-b-01
                data 9
                {"a":"b"}
                """)
    }

    @Test func logOnlyEntryHasNoStream() {
        var entry = Self.entry
        entry.stream = nil
        entry.causationId = nil
        entry.traceparent = nil
        let text = String(decoding: entry.leafBytes(source: "s"), as: UTF8.self)
        #expect(!text.contains("key ") && !text.contains("topic ") && !text.contains("causation "))
    }

    /// Every field counts, and none can be shifted into its neighbour.
    @Test func everyFieldChangesTheHash() {
        let original = Self.entry
        var variants: [JournalEntry] = []
        func vary(_ change: (inout JournalEntry) -> Void) {
            var entry = original
            change(&entry)
            variants.append(entry)
        }
        vary { $0.id = "0192f0c1-7a3b-7def-8123-456789abcdee" }
        vary { $0.type += "x" }
        vary { $0.subject = "食堂-1\nactor 9 person:p1" }
        vary { $0.actor = "person:p2" }
        vary { $0.occurredAt = Instant(microseconds: 1_795_400_000_000_002) }
        vary { $0.correlationId = "c2" }
        vary { $0.causationId = nil }
        vary { $0.causationId = "" }
        vary { $0.traceparent = nil }
        vary { $0.stream?.topic += "x" }
        vary { $0.stream?.partitionKey = "k2" }
        vary { $0.stream?.sequence = 4 }
        vary { $0.stream = nil }
        vary { $0.data.append(0x20) }
        vary { $0.data = [] }
        let hashes = Set((variants + [original]).map { $0.leafHash(source: "s") } + [original.leafHash(source: "t")])
        #expect(hashes.count == variants.count + 2)
    }

    @Test func actorsInTextForm() {
        for actor in [
            Journal.Actor.person(PersonID("p")), .representative(RepresentativeID("r")), .system("disclosure"),
        ] {
            #expect(Journal.Actor(rawValue: actor.rawValue) == actor)
        }
        #expect(Journal.Actor(rawValue: "somebody") == nil)
        #expect(Journal.Actor(rawValue: "robot:x") == nil)
    }
}
