"""The second opinion: one JSON object a line in, one verdict a line out.

In: {"attestation" or "provenance": text, "filename": …, "sha256": …}. Out: {"verified": true}, or false with
the reason. Verifies with the trusted root that TRUSTED_ROOT names, without a network.
"""

import json
import logging
import os
import sys

from pypi_attestations import Attestation, Distribution, Provenance
from sigstore.models import TrustedRoot
from sigstore.verify import Verifier, policy

logging.disable(logging.CRITICAL)
trusted = TrustedRoot.from_file(os.environ["TRUSTED_ROOT"])
verifier = Verifier(trusted_root=trusted)
# The package makes a verifier of its own for each call; here it is the one with the given trusted root.
Verifier.production = staticmethod(lambda offline=False: verifier)


def verify(question):
    file = Distribution(name=question["filename"], digest=question["sha256"])
    if "provenance" in question:
        provenance = Provenance.model_validate_json(question["provenance"])
        pairs = [(b.publisher, a) for b in provenance.attestation_bundles for a in b.attestations]
        if not pairs:
            raise ValueError("nothing to verify")
    else:
        attestation = Attestation.model_validate_json(question["attestation"])
        pairs = [(policy.UnsafeNoOp(), attestation)]
    for identity, attestation in pairs:
        attestation.verify(identity, file, offline=True)


for line in sys.stdin:
    try:
        verify(json.loads(line))
        answer = {"verified": True}
    except Exception as error:  # Every refusal is an answer.
        answer = {"verified": False, "reason": f"{type(error).__name__}: {error}"[:200]}
    print(json.dumps(answer), flush=True)
