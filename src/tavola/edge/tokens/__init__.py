"""Bearer tokens that others have signed: host apps with keys of their own, and OIDC issuers."""
