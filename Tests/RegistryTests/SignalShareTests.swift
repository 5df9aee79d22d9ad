import Calendar
import Contracts
import Testing

@testable import RegistryService

/// The number that the connection rule asks for: pictures in the last 24 hours.
struct SignalShareTests {
    @Test func picturesCountAndSilenceDoesNot() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let now = client.clock.now()
            let camera = try await RegistryTest.camera(gbId: "44078400111327000001", client)
            let other = try await RegistryTest.camera(gbId: "44078400111327000002", client)
            func share(_ id: CameraID) async throws -> Double? {
                try await SignalShareStore.share(id, now: now, client.pool)
            }
            func write(_ id: CameraID, _ hoursAgo: Int, _ state: SignalState) async throws {
                let change = SignalIntervalStore.Change(camera: id, at: now - .seconds(hoursAgo * 3600), state: state)
                try await client.pool.transaction { try await SignalIntervalStore.write([change], $0) }
            }
            #expect(try await share(camera.id) == nil, "nothing was ever reported")
            try await write(camera.id, 30, .ok)
            try await write(camera.id, 6, .lost)
            try await write(camera.id, 5, .degraded)
            try await write(camera.id, 2, .flapping)
            try await write(camera.id, 1, .ok)
            // No report was taken in lately: the open hour is not believed.
            #expect(try await share(camera.id) == 21.0 / 24)
            try await HeartbeatStore.beat(.push, through: now, client.pool)
            #expect(try await share(camera.id) == 22.0 / 24)
            try await write(camera.id, 3, .unknown)
            #expect(try await share(camera.id) == 20.0 / 24, "later news replace what was written for the time after")
            // Known for 20 hours only.
            try await write(other.id, 20, .ok)
            #expect(try await share(other.id) == nil)
            #expect(try await SignalShareStore.shares([camera.id, other.id], now: now, client.pool).count == 1)
        }
    }
}
