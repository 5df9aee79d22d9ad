"""An S3 server that is not ours (moto, which checks signatures with botocore), and boto3 as an independent reader.

`serve`: starts the server on a free port, makes two users and the buckets `evidence`, `locked` (object lock) and prints one
JSON line {endpoint, access_key, secret_key}; ends when standard input ends. Everything else: one answer as JSON, e.g.
`head ENDPOINT ACCESS SECRET BUCKET KEY`.
"""
import hashlib
import json
import os
import sys
import urllib.parse

import boto3

# Calls of `serve` itself that are not checked: user, policy, key.
os.environ.setdefault("INITIAL_NO_AUTH_ACTION_COUNT", "3")


def client(service, endpoint, access_key="setup", secret_key="setup"):
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=access_key,
                        aws_secret_access_key=secret_key)


def encode_queries():
    """moto 5.2.1 compares signatures over the decoded query: boto3's own calls with a slash in a prefix are refused, too."""
    from moto.iam import access_control

    made = access_control.IAMRequestBase._create_aws_request

    def with_encoded_query(self):
        request = made(self)
        path, _, query = request.url.partition("?")
        quote = lambda text: urllib.parse.quote(urllib.parse.unquote(text), safe="-_.~")
        pairs = [pair.partition("=") for pair in query.split("&") if pair]
        request.url = path + ("?" if pairs else "") + "&".join(f"{quote(name)}={quote(value)}" for name, _, value in pairs)
        return request

    access_control.IAMRequestBase._create_aws_request = with_encoded_query


def serve():
    from moto.server import ThreadedMotoServer

    encode_queries()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    iam = client("iam", endpoint)
    iam.create_user(UserName="patrol")
    iam.put_user_policy(UserName="patrol", PolicyName="all", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
    key = iam.create_access_key(UserName="patrol")["AccessKey"]
    s3 = client("s3", endpoint, key["AccessKeyId"], key["SecretAccessKey"])
    s3.create_bucket(Bucket="evidence")
    s3.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
    print(json.dumps({"endpoint": endpoint, "access_key": key["AccessKeyId"], "secret_key": key["SecretAccessKey"]}),
          flush=True)
    sys.stdin.read()
    server.stop()


def act(action, endpoint, access_key, secret_key, bucket, key=""):
    s3 = client("s3", endpoint, access_key, secret_key)
    if action == "list":
        return {"keys": sorted(entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket).get("Contents", []))}
    if action == "versions":
        found = s3.list_object_versions(Bucket=bucket, Prefix=key)
        return {"keys": [entry["VersionId"] for entry in found.get("Versions", []) + found.get("DeleteMarkers", [])]}
    if action == "tamper":
        s3.put_object(Bucket=bucket, Key=key, Body=b"another picture")
        return {"keys": [key]}
    if action == "remove":
        s3.delete_object(Bucket=bucket, Key=key)
        return {"keys": []}
    found = s3.get_object(Bucket=bucket, Key=key)
    until = found.get("ObjectLockRetainUntilDate")
    return {"keys": [key], "sha256": hashlib.sha256(found["Body"].read()).hexdigest(), "lock": found.get("ObjectLockMode"),
            "locked_until": until.strftime("%Y-%m-%d") if until else None}


if sys.argv[1] == "serve":
    serve()
else:
    print(json.dumps(act(*sys.argv[1:])))
