import ArgumentParser
import CListenerPort
import Foundation
import Kafka
import Logging

/// librdkafka's mock cluster as a process: the broker of the local stack and of the compose test. Memory only.
@main
struct EmbeddedBroker: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "EmbeddedBroker",
        abstract: "A Kafka broker that keeps its records in memory, until SIGTERM or SIGINT.")

    @Option(help: "Number of brokers.")
    var brokers = 1

    @Option(help: "Port of the first broker, the next one has the next port; 0 = any free port.")
    var port: UInt16 = 0

    @Option(help: "IPv4 address to listen on and to tell clients; needs --port.")
    var address: String?

    @Option(
        help: "Create a topic, as name:partitions; may be repeated. Others appear with 4 partitions when asked for.")
    var topic: [TopicArgument] = []

    @Option(help: "Write host:port[,…] into this file once the broker listens.")
    var portFile: String?

    func validate() throws {
        guard (1...9).contains(brokers) else { throw ValidationError("--brokers must be 1 to 9") }
        guard port <= 65_000 else { throw ValidationError("--port must be at most 65000") }
        if let address {
            guard port != 0 else { throw ValidationError("--address needs --port") }
            guard listener_address_set(address) else { throw ValidationError("--address must be an IPv4 address") }
        }
    }

    func run() throws {
        if port != 0 { try PortCheck.requireFree(port..<(port + UInt16(brokers))) }
        // Taken by sigwait below; threads made from here on inherit the mask.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)

        listener_port_begin(port)
        listener_turn_away(true)
        let cluster = try EmbeddedCluster(
            brokers: brokers, topics: topic.map(\.spec), logger: Logger(label: "embedded-broker"))
        listener_turn_away(false)
        listener_port_begin(0)

        if let portFile {
            try Data((cluster.bootstrap + "\n").utf8).write(to: URL(filePath: portFile), options: .atomic)
        }
        FileHandle.standardOutput.write(Data("\(cluster.bootstrap)\n".utf8))
        var signal: Int32 = 0
        sigwait(&signals, &signal)
        cluster.close()
    }
}
