import Contracts
import Foundation

/// Where a canteen lies, as the register states it.
struct Position: Hashable, Sendable {
    /// Degrees north and east.
    let latitude: Double
    let longitude: Double
    let system: CoordinateSystem

    /// nil unless all three are there.
    init?(latitude: Double?, longitude: Double?, system: CoordinateSystem?) {
        guard let latitude, let longitude, let system else { return nil }
        self.latitude = latitude
        self.longitude = longitude
        self.system = system
    }

    /// The same place in WGS-84, in which distances are counted.
    var wgs84: Place {
        let stated = Place(latitude: latitude, longitude: longitude)
        switch system {
        case .wgs84: return stated
        case .gcj02: return Self.unshifted(stated)
        }
    }

    /// GCJ-02 is WGS-84 plus a published, smooth shift: subtracting the shift at the guess converges within a metre
    /// after three rounds.
    private static func unshifted(_ stated: Place) -> Place {
        var guess = stated
        for _ in 0..<3 {
            let shift = shift(at: guess)
            guess = Place(
                latitude: stated.latitude - shift.latitude, longitude: stated.longitude - shift.longitude)
        }
        return guess
    }

    /// The shift of GCJ-02 in degrees (Krasovsky ellipsoid 1940).
    private static func shift(at place: Place) -> Place {
        let x = place.longitude - 105
        let y = place.latitude - 35
        let axis = 6_378_245.0
        let eccentricity = 0.006_693_421_622_965_943
        let waves = 20 * sin(6 * x * .pi) + 20 * sin(2 * x * .pi)
        let north =
            -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * abs(x).squareRoot()
            + (waves + 20 * sin(y * .pi) + 40 * sin(y / 3 * .pi)
                + 160 * sin(y / 12 * .pi) + 320 * sin(y * .pi / 30)) * 2 / 3
        let east =
            300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * abs(x).squareRoot()
            + (waves + 20 * sin(x * .pi) + 40 * sin(x / 3 * .pi)
                + 150 * sin(x / 12 * .pi) + 300 * sin(x / 30 * .pi)) * 2 / 3
        let latitude = place.latitude * .pi / 180
        let magic = 1 - eccentricity * sin(latitude) * sin(latitude)
        let root = magic.squareRoot()
        return Place(
            latitude: north * 180 / (axis * (1 - eccentricity) / (magic * root) * .pi),
            longitude: east * 180 / (axis / root * cos(latitude) * .pi))
    }
}
