"""Stage 7: Kubernetes objects for one bundle, one data source and one profile.

build      `manifests`, the stage: contexts, names, digests
data       what goes into the ConfigMap (documents: data source and warehouse, and what must not be in them)
context    the typed contexts of the templates
render     fills a template and proves that no value became structure; the door to jinja2
validate   the rules that no JSON schema holds, over finished objects (pod: those of the pod alone)
"""

from __future__ import annotations

from assay.compiler.manifests.build import Manifest, manifests
from assay.compiler.manifests.data import Instruction
from assay.compiler.manifests.validate import validate

__all__ = ["Instruction", "Manifest", "manifests", "validate"]
