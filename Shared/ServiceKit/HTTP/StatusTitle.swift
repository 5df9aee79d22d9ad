import HTTPTypes

/// Short titles of the statuses that we answer with.
enum StatusTitle {
    static func of(_ status: HTTPResponse.Status) -> LocalizedText {
        switch status.code {
        case 400: LocalizedText(zh: "请求有误", en: "Malformed request")
        case 401: LocalizedText(zh: "需要登录", en: "Not signed in")
        case 403: LocalizedText(zh: "没有权限", en: "Not allowed")
        case 404: LocalizedText(zh: "没有找到", en: "Not found")
        case 405: LocalizedText(zh: "方法不支持", en: "Method not allowed")
        case 409: LocalizedText(zh: "与现状冲突", en: "Conflict")
        case 410: LocalizedText(zh: "已失效", en: "Gone")
        case 413: LocalizedText(zh: "内容太大", en: "Too large")
        case 414: LocalizedText(zh: "地址过长", en: "Address too long")
        case 415: LocalizedText(zh: "内容类型不支持", en: "Unsupported content type")
        case 422: LocalizedText(zh: "内容需要更正", en: "Please correct")
        case 429: LocalizedText(zh: "操作太频繁", en: "Too many requests")
        case 503: LocalizedText(zh: "暂时不可用", en: "Not available for the moment")
        default:
            status.kind == .clientError
                ? LocalizedText(zh: "请求未被接受", en: "Request refused")
                : LocalizedText(zh: "系统错误", en: "Something went wrong")
        }
    }
}
