/// Coordinate system (坐标系) of a position: Chinese maps shift positions by some hundred metres against satellites.
public enum CoordinateSystem: String, Codable, Hashable, CaseIterable, Sendable {
    /// WGS-84, what satellites tell; CGCS2000 is the same to a metre.
    case wgs84
    /// GCJ-02 (国测局坐标, 火星坐标): what public maps in mainland China show.
    case gcj02
}
