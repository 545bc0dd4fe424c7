"""Secrets that look real and are not, planted in one scenario so that tests can look for them afterwards."""

AWS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"
AWS_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
GITHUB_TOKEN = "ghp_FAKE00fake11FAKE22fake33FAKE44fake55"
DATABASE_URL = "postgresql://app:hunter2-fake@db/app"
ANTHROPIC_KEY = "sk-ant-api03-FAKE-0a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b-FAKEAA"
JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJmYWtlLXVzZXIiLCJpYXQiOjE3MDAwMDAwMDB9.ZmFrZS1zaWduYXR1cmUtZmFrZQ"
BEARER = "fake-bearer-3f9c1d7e5b2a4860"
PEM_BODY = "RkFLRS1GQUtFLUZBS0UtRkFLRS1GQUtFLUZBS0UtRkFLRS1GQUtFLUZBS0UtRkFL"
NEW_PASSWORD = "correct-horse-fake-77"

PLANTED_SECRETS = (
    AWS_KEY_ID,
    AWS_SECRET,
    GITHUB_TOKEN,
    "hunter2-fake",
    ANTHROPIC_KEY,
    JWT,
    BEARER,
    PEM_BODY,
    NEW_PASSWORD,
)
"""What must be nowhere in what the sidecar writes."""

ENV_FILE = f"""\
AWS_ACCESS_KEY_ID={AWS_KEY_ID}
AWS_SECRET_ACCESS_KEY={AWS_SECRET}
GITHUB_TOKEN={GITHUB_TOKEN}
DATABASE_URL={DATABASE_URL}
ANTHROPIC_API_KEY={ANTHROPIC_KEY}
SESSION_JWT={JWT}
# the finance team's page wants the header Authorization: Bearer {BEARER}
SIGNING_KEY="-----BEGIN RSA PRIVATE KEY-----
{PEM_BODY}
{PEM_BODY[::-1]}
-----END RSA PRIVATE KEY-----"
"""
