"""The bill of materials: what of others is in the product, by version, with hashes and licences (CycloneDX)."""
