// Passkeys: adds one on the account page, signs in with one on the sign-in page. Without it, password and code work.
"use strict";
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const csrf = () => document.querySelector("main input[name=_csrf]").value;

  async function post(path, body) {
    const answer = await fetch(path, {
      method: "POST", credentials: "same-origin", body: JSON.stringify(body ?? {}),
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf(), Accept: "application/json" },
    });
    if (!answer.ok) throw new Error((await answer.json()).detail ?? answer.status);
    return answer.status === 201 ? null : answer.json();
  }

  async function register() {
    const options = await post("/registry/account/passkeys/options");
    const made = await navigator.credentials.create({ publicKey: {
      challenge: bytes(options.challenge), rp: { id: options.rp_id, name: document.title },
      user: { id: bytes(options.user_id), name: options.user_name, displayName: options.user_name },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }], attestation: "none", timeout: 300000,
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      excludeCredentials: options.exclude.map((id) => ({ type: "public-key", id: bytes(id) })),
    } });
    await post("/registry/account/passkeys", {
      client_data_json: text(made.response.clientDataJSON), attestation_object: text(made.response.attestationObject),
    });
    location.reload();
  }

  async function signIn() {
    const options = await post("/registry/login/passkey/options");
    const found = await navigator.credentials.get({ publicKey: {
      challenge: bytes(options.challenge), rpId: options.rp_id, userVerification: "required", timeout: 300000,
    } });
    const entered = await post("/registry/login/passkey", {
      credential_id: text(found.rawId), client_data_json: text(found.response.clientDataJSON),
      authenticator_data: text(found.response.authenticatorData), signature: text(found.response.signature),
      return_path: document.querySelector("main input[name=return]")?.value || null,
    });
    location.assign(entered.location);
  }

  for (const button of document.querySelectorAll("[data-passkey]")) {
    const status = document.querySelector("[data-passkey-status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      status.textContent = "";
      try {
        await (button.dataset.passkey === "register" ? register() : signIn());
      } catch (error) {
        status.textContent = `${button.dataset.failed} ${error.name === "Error" ? error.message : ""}`;
      } finally {
        button.disabled = false;
      }
    });
  }
})();
