import Metrics

/// Figures of one schema's relay.
struct RelayMetrics: Sendable {
    let delivered: Counter
    private let pending: Gauge
    private let leading: Gauge
    private let parkedKeys: Gauge
    private let checkpointSize: Gauge
    private let signingHalted: Gauge

    init(schema: String) {
        let dimensions = [("schema", schema)]
        delivered = Counter(label: "journal_relay_delivered_total", dimensions: dimensions)
        pending = Gauge(label: "journal_relay_pending", dimensions: dimensions)
        leading = Gauge(label: "journal_relay_leading", dimensions: dimensions)
        parkedKeys = Gauge(label: "journal_relay_parked_keys", dimensions: dimensions)
        checkpointSize = Gauge(label: "journal_checkpoint_size", dimensions: dimensions)
        signingHalted = Gauge(label: "journal_signing_halted", dimensions: dimensions)
    }

    func record(_ status: RelayStatus) {
        pending.record(status.pending)
        leading.record(status.isLeading ? 1 : 0)
        parkedKeys.record(status.parkedKeys)
        checkpointSize.record(Double(status.checkpointSize))
        signingHalted.record(status.signingHalted == nil ? 0 : 1)
    }
}
