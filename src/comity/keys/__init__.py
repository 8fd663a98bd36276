"""Keys and what is done with them: signing, sealing, the key ring and the fingerprint read aloud.

The only package that imports cryptography, and the only one that draws random bytes.
"""
