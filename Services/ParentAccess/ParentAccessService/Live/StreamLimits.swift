/// How many streams may run at once.
struct StreamLimits: Hashable, Sendable {
    /// Streams of representatives per school (N of domain §6 art 12).
    var perSchool: Int
    /// Streams of one member of staff: a patrol page shows all zones of a canteen at once.
    var perPerson: Int

    /// 50 × 1.5 Mbit/s fits a school's 100 Mbit/s line; 16 = two canteens' eight zones.
    static let standard = StreamLimits(perSchool: 50, perPerson: 16)
}
