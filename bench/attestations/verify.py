"""Verifies the files of a plan with pypi-attestations, and prints the processor time in milliseconds."""

import json
import logging
import os
import time

from pypi_attestations import Attestation, Distribution, Provenance
from sigstore.models import TrustedRoot
from sigstore.verify import Verifier, policy

logging.disable(logging.CRITICAL)
# The package makes a verifier for each call; one for all is what its fastest user would do.
verifier = Verifier(trusted_root=TrustedRoot.from_file(os.environ["TRUSTED_ROOT"]))
Verifier.production = staticmethod(lambda offline=False: verifier)

with open(os.environ["PLAN"], encoding="utf-8") as file:
    plan = json.load(file)
for one in plan:
    distribution = Distribution(name=one["filename"], digest=one["sha256"])
    if one["kind"] == "provenance":
        provenance = Provenance.model_validate_json(one["text"])
        pairs = [(b.publisher, a) for b in provenance.attestation_bundles for a in b.attestations]
    else:
        pairs = [(policy.UnsafeNoOp(), Attestation.model_validate_json(one["text"]))]
    for identity, attestation in pairs:
        attestation.verify(identity, distribution, offline=True)
print(time.process_time() * 1000)
