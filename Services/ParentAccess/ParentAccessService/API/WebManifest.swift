import Foundation
import Hummingbird
import ServiceKit

/// Makes the representatives' pages installable on a phone: manifest, service worker, the page without a network.
struct WebManifest: Sendable {
    let pages: Pages
    private let worker: [UInt8]

    private static let json = """
        {"id":"/parent/","name":"明厨亮灶 · 家长代表","short_name":"明厨亮灶","lang":"zh-CN","dir":"ltr",\
        "description":"按学校授权实时查看食堂后厨","start_url":"/parent/","scope":"/parent/","display":"standalone",\
        "orientation":"any","categories":["education","food"],"background_color":"#ffffff","theme_color":"#0f5f4c",\
        "icons":[{"src":"/parent/assets/icon.svg","sizes":"any","type":"image/svg+xml","purpose":"any"},\
        {"src":"/parent/assets/icon-192.png","sizes":"192x192","type":"image/png","purpose":"any"},\
        {"src":"/parent/assets/icon-512.png","sizes":"512x512","type":"image/png","purpose":"any maskable"}]}
        """

    init(pages: Pages) throws {
        self.pages = pages
        guard let file = Bundle.module.url(forResource: "sw", withExtension: "js", subdirectory: "Templates") else {
            throw CocoaError(.fileNoSuchFile)
        }
        worker = [UInt8](try Data(contentsOf: file))
    }

    func declare(_ routes: Routes) {
        routes.get("/manifest.webmanifest", .public) { _, _ in
            Response.bytes(
                Array(Self.json.utf8), contentType: "application/manifest+json; charset=utf-8",
                cacheControl: "public, max-age=3600")
        }
        routes.get("/sw.js", .public) { _, _ in
            // Asked for again at each visit: a mended worker must arrive.
            Response.bytes(worker, contentType: "text/javascript; charset=utf-8", cacheControl: "no-cache")
        }
        routes.get("/offline", .public) { _, context in
            try pages.render("offline", context, PageMeta(title: pages.text("offline.title", context)))
        }
    }
}
