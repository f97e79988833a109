"""Assay: data contracts that compile.

One room per folder: `grammar` (the language as data), `compiler` (text to sealed bundle, pure),
`templates` (Kubernetes manifests), `protocol` (messages), `runner` (executes a bundle), `cli`.
"""

__version__ = "0.1.0"
