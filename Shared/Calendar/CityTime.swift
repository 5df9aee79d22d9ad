/// The city's civil time. China has one zone and no summer time since 1991 (design card §3.3): UTC+08:00 at all times.
public enum CityTime {
    public static let zoneName = "Asia/Shanghai"
    static let offsetMicroseconds: Int64 = 8 * 3_600 * 1_000_000
}
