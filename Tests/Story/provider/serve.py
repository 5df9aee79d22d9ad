"""A real OpenID Connect provider (Canaille) with one user and one client, for the tests of single sign-on.

usage: serve.py PORT KEYS.json GATEWAY    KEYS.json: a list of private JWKs, the first signs
"""
import datetime
import json
import sys

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend

PORT, KEYS, GATEWAY = sys.argv[1:]
ISSUER = f"http://127.0.0.1:{PORT}"

app = create_app(
    {
        "SECRET_KEY": "only for tests",
        "SERVER_NAME": f"127.0.0.1:{PORT}",
        "PREFERRED_URL_SCHEME": "http",
        "CANAILLE": {"DATABASE": "memory", "ENABLE_PASSWORD_COMPROMISSION_CHECK": False},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": json.load(open(KEYS, encoding="utf-8"))},
    }
)

with app.app_context(), Backend.instance.session():
    person = models.User(
        formatted_name="示例城监", family_name="示例", given_name="城监", user_name="city-account",
        emails=["city@example.org"], password="provider password 1",
    )
    Backend.instance.save(person)
    client = models.Client(
        client_id="bright-kitchen", client_name="Bright Kitchen", client_secret="only-for-tests",
        client_uri=GATEWAY, contacts=[], client_id_issued_at=datetime.datetime.now(datetime.timezone.utc),
        redirect_uris=[GATEWAY + "/registry/login/sso/callback"], post_logout_redirect_uris=[GATEWAY + "/registry/login"],
        grant_types=["authorization_code"], response_types=["code"], scope=["openid"],
        token_endpoint_auth_method="client_secret_basic",
    )
    Backend.instance.save(client)
    client.audience = [client]
    Backend.instance.save(client)

app.run(host="127.0.0.1", port=int(PORT), threaded=True)
