/// A browser as its owner recognises it in the list of sessions, `Chrome · Windows`, instead of the whole User-Agent.
public enum ClientAgent {
    private static let browsers = [
        ("MicroMessenger", "微信"), ("Edg", "Edge"), ("HuaweiBrowser", "华为浏览器"), ("OPR/", "Opera"),
        ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
    ]
    private static let systems = [
        ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"),
        ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
    ]

    /// nil when the text names nothing known.
    public static func label(_ userAgent: String?) -> String? {
        guard let userAgent else { return nil }
        let found = [browsers, systems].compactMap { list in list.first { userAgent.contains($0.0) }?.1 }
        return found.isEmpty ? nil : found.joined(separator: " · ")
    }
}
