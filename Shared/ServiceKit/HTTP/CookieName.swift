/// Cookies of the product. All but `bk_csrf` are HttpOnly; all are SameSite=Strict.
public enum CookieName {
    /// Access token of staff (ES256, 15 minutes), `Path=/`.
    public static let token = "bk_token"
    /// Refresh session at the registry, `Path=/registry/session`.
    public static let session = "bk_session"
    /// Tells that a refresh session exists (no secret), `Path=/`: set by the registry together with `bk_session`.
    public static let sessionHint = "bk_signed_in"
    /// Session of a parent representative at parent access, `Path=/`.
    public static let parent = "bk_parent"
    /// Double-submit token, compared with the field `_csrf` or the header `X-CSRF-Token`, `Path=/`.
    public static let csrf = "bk_csrf"
}
