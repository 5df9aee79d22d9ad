import ServiceKit

extension SignInRefusal {
    var problem: Problem {
        switch self {
        case .wrongCredentials:
            Problem(
                .unauthorized, code: "wrong_credentials",
                detail: LocalizedText(zh: "登录名或密码不正确。", en: "Login or password is wrong."))
        case .wrongCode:
            Problem(
                .unauthorized, code: "wrong_code",
                detail: LocalizedText(
                    zh: "验证码不正确或已用过，请等待下一个验证码。",
                    en: "This code is wrong or was used before. Please wait for the next one."))
        case .codeRequired:
            Problem(
                .unauthorized, code: "code_required",
                detail: LocalizedText(zh: "此账号需要验证码（code）。", en: "This account needs a one-time code (code)."))
        case .notEnrolled:
            Problem(
                .forbidden, code: "second_factor_not_enrolled",
                detail: LocalizedText(
                    zh: "请先在浏览器登录并绑定身份验证器。", en: "Sign in with a browser first and set up an authenticator."))
        case .passwordChangeRequired:
            Problem(
                .forbidden, code: "password_change_required",
                detail: LocalizedText(
                    zh: "请先在浏览器登录并修改密码。", en: "Sign in with a browser first and change the password."))
        case .startAgain:
            Problem(
                .unauthorized, code: "sign_in_again",
                detail: LocalizedText(zh: "登录已超时，请重新登录。", en: "This sign-in took too long. Please start again."))
        case .blocked(let seconds):
            Problem(
                .tooManyRequests, code: "too_many_attempts",
                detail: LocalizedText(
                    zh: "尝试次数过多，请在 \((seconds + 59) / 60) 分钟后再试。",
                    en: "Too many attempts. Please try again in \((seconds + 59) / 60) minutes."),
                headers: ["Retry-After": String(seconds)])
        case .overloaded: .unavailable(code: "sign_in_busy", retryAfter: 5)
        }
    }
}
